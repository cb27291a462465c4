"""The peer to measure against: a live video and voice server made of aiortc as its documentation shows it.

One track with the pictures at 30 a second, `MediaRelay` for everybody (its `webcam` example), a connection and so an
encoder for each viewer, POST /offer. H.264 is forced as that example does, so that x264 encodes on both sides. A
talker's track is relayed to all who come after. Nothing of consult runs here but the drawing of the pictures, before.

`python -m benchmarks.stock FOLDER WIDTH HEIGHT` prints its address; the folder is of `pictures.write_chest`.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import uvicorn
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.contrib.media import MediaBlackhole, MediaRelay
from av import VideoFrame
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.peer_process import peer_process
from benchmarks.pictures import Stack, packed
from consult.media.video.raster import Raster

PICTURES = 118


class MovingPictures(VideoStreamTrack):
    """The pictures, one after the other, at the pace of aiortc's own `next_timestamp`: 30 a second."""

    def __init__(self, stack: Stack, raster: Raster) -> None:
        super().__init__()
        turn = stack.planes(raster, PICTURES)
        self._pictures = [packed(turn(n)) for n in range(PICTURES)]
        self._next = 0

    async def recv(self) -> VideoFrame:
        """The next one, when it is due."""
        pts, time_base = await self.next_timestamp()
        frame = VideoFrame.from_ndarray(self._pictures[self._next % PICTURES], format="yuv420p")
        frame.pts, frame.time_base = pts, time_base
        self._next += 1
        return frame


class Stock:
    """The server's state: connections, the relay, the talkers' tracks."""

    def __init__(self, stack: Stack, raster: Raster) -> None:
        self._relay = MediaRelay()
        self._pictures = MovingPictures(stack, raster)
        self._voices: list[MediaStreamTrack] = []
        self._connections: set[RTCPeerConnection] = set()
        self._nobody = MediaBlackhole()
        """Takes the pictures when nobody else does, so that making them is in every figure."""

    async def start(self) -> None:
        """Let the pictures run."""
        self._nobody.addTrack(self._relay.subscribe(self._pictures))
        await self._nobody.start()

    async def offer(self, request: Request) -> JSONResponse:
        """A viewer's offer, answered."""
        params = await request.json()
        pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connections.add(pc)
        spoken: list[MediaStreamTrack] = []
        pc.on("track", spoken.append)
        await pc.setRemoteDescription(RTCSessionDescription(sdp=params["sdp"], type=params["type"]))
        wanted = [transceiver.kind for transceiver in pc.getTransceivers()]
        if "video" in wanted:
            sender = pc.addTrack(self._relay.subscribe(self._pictures))
            self._force_h264(pc, sender)
        for voice in self._voices[: wanted.count("audio")]:
            pc.addTrack(self._relay.subscribe(voice))
        await pc.setLocalDescription(await pc.createAnswer())
        self._voices += spoken
        return JSONResponse({"sdp": pc.localDescription.sdp, "type": pc.localDescription.type})

    @staticmethod
    def _force_h264(pc: RTCPeerConnection, sender: RTCRtpSender) -> None:
        """As `force_codec` of the example."""
        codecs = RTCRtpSender.getCapabilities("video").codecs
        transceiver = next(t for t in pc.getTransceivers() if t.sender == sender)
        transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType == "video/H264"])


def stock_server(folder: Path, width: int, height: int) -> AbstractAsyncContextManager[tuple[str, int]]:
    """One in a process of its own: its address and its process id."""
    return peer_process("benchmarks.stock", str(folder), str(width), str(height))


async def main(folder: Path, raster: Raster) -> None:
    """Serve until killed."""
    stock = Stock(Stack(folder), raster)
    await stock.start()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    application = Starlette(routes=[Route("/offer", stock.offer, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="off"))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    await server.serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Raster(int(sys.argv[2]), int(sys.argv[3]))))
