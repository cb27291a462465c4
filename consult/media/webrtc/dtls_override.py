"""What this product changes in aiortc's DTLS transport: how much RTCP of a peer is read."""

from __future__ import annotations

from time import monotonic

from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceTransport

from consult.media.rtp.retransmission import reports


class Dtls(RTCDtlsTransport):
    """aiortc's transport, that reads so much RTCP of a peer and no more."""

    def __init__(self, ice: RTCIceTransport, certificates: list[RTCCertificate]) -> None:
        super().__init__(ice, certificates)
        self.dropped = 0
        """RTCP packets above the ration."""
        self._reports = reports()

    async def _handle_rtcp_data(self, data: bytes) -> None:
        if self._reports.take(len(data), monotonic()):
            await super()._handle_rtcp_data(data)
        else:
            self.dropped += 1
