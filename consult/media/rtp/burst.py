"""Many datagrams to one peer in one system call: UDP generic segmentation offload (Linux, udp(7) UDP_SEGMENT).

Rules:
- One call takes datagrams of one size; the last of them may be smaller. The packets of a video frame are so by nature.
- Where the system, the interface or the way to one peer (a small MTU) cannot do it, nothing is lost: the caller sends
  what was not taken one by one. Where the first try fails, there is no second.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Sequence

logger = logging.getLogger(__name__)
Address = tuple[str, int]
UDP_SEGMENT = 103
"""linux/udp.h; Python has no name for it."""
MAX_SEGMENTS = 64
MAX_BYTES = 65_000
"""Of one call: an IP packet's limit, less headers."""


def run_length(sizes: Sequence[int], start: int) -> int:
    """How many datagrams, from that one on, one call takes. `sizes`: bytes each."""
    size = sizes[start]
    most = min(MAX_SEGMENTS, MAX_BYTES // max(1, size), len(sizes) - start)
    for count in range(1, most):
        if sizes[start + count] != size:
            return count + (sizes[start + count] < size)
    return max(1, most)


class Burst:
    """Of one socket, which does not block."""

    def __init__(self, sock: socket.socket) -> None:
        self.works = hasattr(sock, "sendmsg")  # Windows has none
        self._sock, self._has_worked = sock, False

    def send(self, datagrams: Sequence[bytes], address: Address) -> int:
        """Give datagrams to the kernel, in order; how many it took."""
        # The kernel gets one long buffer and the size of a datagram, and cuts it itself, once for all: the costs of a
        # call and of its walk down the network stack are paid once in place of up to 64 times.
        taken, sizes = 0, [len(datagram) for datagram in datagrams]
        while self.works and taken < len(datagrams):
            count = run_length(sizes, taken)
            options = [(socket.SOL_UDP, UDP_SEGMENT, struct.pack("H", sizes[taken]))] if count > 1 else []
            try:
                self._sock.sendmsg(datagrams[taken : taken + count], options, 0, address)
            except (BlockingIOError, InterruptedError):
                return taken  # the socket's buffer is full: asyncio's takes the rest, and waits until it is not
            except OSError as error:
                # EIO, EINVAL: an interface without checksum offload or an old kernel; EMSGSIZE: this path's MTU alone.
                # Only a socket whose bursts have never worked is judged by that for good.
                self.works = self._has_worked
                if not self.works:
                    logger.info("udp: no bursts, datagrams are sent one by one: %s", error.strerror)
                return taken
            self._has_worked |= count > 1
            taken += count
        return taken
