"""What this product changes in aiortc's transports: one port for all, a monitor that ends, how much RTCP is read."""

from __future__ import annotations

from aioice import ConnectionClosed
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceTransport

from consult.clock import steady
from consult.media.rtp.retransmission import reports
from consult.media.webrtc.ice import UdpPort
from consult.media.webrtc.private import Private


class Gatherer(RTCIceGatherer):
    """Gathers on the one port."""

    def __init__(self, port: UdpPort) -> None:
        super().__init__(iceServers=[])
        self._connection = port.connection()


class IceTransport(RTCIceTransport):
    """aiortc's, whose monitor ends with its connection.

    Its own turns for ever without a pause, and stops the whole process, where the connection was closed before the
    monitor's first turn: by an answer without credentials, or one that is given up at once.
    """

    async def _monitor(self) -> None:
        event: object = ""
        while event is not None and not isinstance(event, ConnectionClosed):
            event = await self._connection.get_event()
        if self.state == "completed":
            Private(self, RTCIceTransport)["setState"]("failed")


class Dtls(RTCDtlsTransport):
    """aiortc's transport, that reads so much RTCP of a peer and no more."""

    def __init__(self, ice: RTCIceTransport, certificates: list[RTCCertificate]) -> None:
        super().__init__(ice, certificates)
        self.dropped = 0
        """RTCP packets above the ration."""
        self._reports = reports()

    async def _handle_rtcp_data(self, data: bytes) -> None:
        if self._reports.take(len(data), steady()):
            await super()._handle_rtcp_data(data)
        else:
            self.dropped += 1
