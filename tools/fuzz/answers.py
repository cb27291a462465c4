"""SDP answers, turned, to an offer that was made: each is taken or refused, and nothing is left of it."""

from __future__ import annotations

import asyncio

from consult.media.webrtc.ice import open_port
from consult.media.webrtc.peer import Peer
from consult.model.errors import PeerFault
from tests.support.webrtc import Browser
from tools.fuzz.mutate import Mutator
from tools.fuzz.watch import Findings, watched_loop

ANSWER_S = 10.0


async def fuzz(seed: int, count: int) -> Findings:
    """So many answers, each to an offer of its own."""
    mutator = Mutator(seed)
    with watched_loop() as findings:
        async with open_port("127.0.0.1") as port:
            first, browser = Peer(port, lambda packet: None), Browser()
            good = await browser.answer(await first.offer(h264=True))
            await browser.close()
            await first.close()
            before = len(asyncio.all_tasks())
            for _ in range(count):
                peer = Peer(port, lambda packet: None)
                await peer.offer(h264=True)
                try:
                    async with asyncio.timeout(ANSWER_S):
                        await peer.answer(mutator.text_of(good))
                    findings.count("taken")
                except PeerFault as refused:
                    findings.count(refused.code)
                except Exception as error:  # whatever else it raises is a finding
                    findings.count("raised")
                    findings.problem(error)
                await peer.close()
            for _ in range(20):
                await asyncio.sleep(0)
            if (left := len(asyncio.all_tasks()) - before) > 0:
                findings.problem(f"{left} tasks are left")
    return findings
