"""Whether datagrams reach this server at the address that it gives to browsers, tried as a page tries it: by STUN.

From the machine itself. What lies between a browser and this machine cannot be tried from here.
"""

from __future__ import annotations

import asyncio
import socket

from aioice import stun

from consult.media.webrtc.check_point import CheckPoint

TRIES, WAIT_S = 3, 0.5


async def comes_through(point: CheckPoint) -> bool:
    """A check of that point is answered."""
    loop = asyncio.get_running_loop()
    family = socket.AF_INET6 if ":" in point.address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.setblocking(False)
        for _ in range(TRIES):
            request = _request(point)
            try:
                async with asyncio.timeout(WAIT_S):
                    await loop.sock_sendto(asking, bytes(request), (point.address, point.port))
                    answer = stun.parse_message((await loop.sock_recvfrom(asking, 2048))[0])
            except (TimeoutError, OSError, ValueError):
                continue
            if answer.transaction_id == request.transaction_id and answer.message_class is stun.Class.RESPONSE:
                return True
    return False


def _request(point: CheckPoint) -> stun.Message:
    """RFC 8445 7.2.4, as far as a lite agent looks at it."""
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    request.attributes["USERNAME"], request.attributes["PRIORITY"] = f"{point.fragment}:doctor", 1
    request.add_message_integrity(point.password.encode())
    return request
