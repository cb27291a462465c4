"""All that this product changes in aiortc 1.16.0, but for its transports; a test fails where that has changed.

Rules:
- Nothing of aiortc is patched: subclasses take the places of its parts, by the private names that it calls them by.
- Video: the packets of a frame are cut once for all peers, the RTP timestamps are ours and equal for all peers, and
  go out in bursts of 16, a system call each. Lost packets are sent again within limits (`retransmission.py`).
- Voice: Opus packets come out as they came in, and senders have no track; nothing is decoded, encoded or mixed.
- What a peer answers is matched against what we offered: H.264 constrained baseline with RTX, and Opus.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Hashable
from typing import Any, cast

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, clock
from aiortc.codecs import get_capabilities
from aiortc.exceptions import InvalidStateError
from aiortc.mediastreams import MediaStreamTrack
from aiortc.rtcconfiguration import RTCBundlePolicy
from aiortc.rtcdtlstransport import RTCDtlsTransport, State
from aiortc.rtcrtpparameters import (
    RTCRtpCodecParameters,
    RTCRtpHeaderExtensionParameters,
    RTCRtpReceiveParameters,
    RTCRtpSendParameters,
)
from aiortc.rtcrtpreceiver import RTCRtpReceiver, StreamStatistics
from aiortc.rtcrtpsender import RTCRtpSender
from aiortc.rtcrtptransceiver import RTCRtpTransceiver
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_RTPFB_NACK,
    AnyRtcpPacket,
    RtcpByePacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSrPacket,
    RtpPacket,
    unpack_remb_fci,
)
from aiortc.sdp import SessionDescription

from consult.clock import now, steady
from consult.media.pacing.congestion import BITS_PER_S, Report, plausible
from consult.media.pacing.subscriber_queue import AccessUnit
from consult.media.rtp import header as rtp_header
from consult.media.rtp.munger import RtpMunger
from consult.media.rtp.retransmission import Frame, Retransmission
from consult.media.rtp.voice_packet import CLOCK_HZ, SILENT, VoicePacket
from consult.media.webrtc.ice import PeerTransport, UdpPort
from consult.media.webrtc.private import Private
from consult.media.webrtc.transport_override import Dtls, Gatherer, IceTransport

logger = logging.getLogger(__name__)
BURST = 16
"""Packets that go out at once; between bursts the loop may do other things."""
PLAYOUT_DELAY_ID = 4
"""aiortc's own extensions have 1 to 3 (RFC 8285: one numbering for all lines of a bundle)."""
H264_PROFILE = "42e01f"
"""Constrained baseline, as aiortc names what it knows; browsers match the profile alone (RFC 6184 8.1)."""
H264_LEVEL_4 = "42e028"
OPUS = {"minptime": 10, "useinbandfec": 1, "usedtx": 1}
"""RFC 7587 6.1: what browsers are to send us. Silence costs 5 packets a second."""
MAX_ACTIVE_SSRCS = 4
"""Streams that one microphone line may have."""


class _Sender(RTCRtpSender):
    """A sender whose packets are made elsewhere: aiortc runs its RTCP, we its RTP."""

    def __init__(self, kind: str, transport: RTCDtlsTransport) -> None:
        super().__init__(kind, transport)
        self.begun = asyncio.Event()
        """Packets may be sent."""
        self._own = Private(self, RTCRtpSender)
        self._payload_type = 0
        self._ids: dict[str, int] = {}
        self._mid = b""

    async def send(self, parameters: RTCRtpSendParameters) -> None:
        """Begin, with what both sides take."""
        self._ids = {extension.uri: extension.id for extension in parameters.headerExtensions}
        self._mid = parameters.muxId.encode()
        await super().send(parameters)

    async def _run_rtp(self, codec: RTCRtpCodecParameters) -> None:
        """In place of aiortc's loop: wait for the end.

        aiortc's loop pulls frames from a track, encodes them for this one peer and sends each packet by a call of its
        own. Here one encode serves all, so there is no track. `stop` waits for both events below, which therefore have
        to be set in this order, whatever happens.
        """
        self._payload_type = codec.payloadType or 0
        self._own["rtp_started"].set()
        self.begun.set()
        with contextlib.suppress(asyncio.CancelledError):  # `stop` cancels this task and never awaits it
            await asyncio.Event().wait()
        self.begun.clear()
        self._own["rtp_exited"].set()

    def _transport_send(self) -> Callable[[list[bytes]], None] | None:
        """What encrypts packets and sends them without waiting; None where the peer is not connected (any more)."""
        # aiortc's `_send_rtp` is a coroutine for each packet, with a look at the state each time. A frame has dozens of
        # packets for each of many peers: here the state is looked at once, and one call to the kernel sends many.
        dtls = self.transport
        pair = dtls.transport._connection._nominated.get(1)
        if pair is None or dtls._state is not State.CONNECTED:
            return None
        protect, address = dtls._tx_srtp.protect, pair.remote_addr
        send = cast(PeerTransport, pair.protocol.transport).send_burst
        return lambda packets: send([protect(packet) for packet in packets], address)

    def _count(self, packets: int, payload_bytes: int, timestamp: int) -> None:
        """For aiortc's sender reports (RFC 3550 6.4.1), which its own loop would have counted for."""
        own = self._own
        own["packet_count"] += packets
        own["octet_count"] += payload_bytes
        own["ntp_timestamp"], own["rtp_timestamp"] = clock.current_ntp_time(), timestamp


class VideoSender(_Sender):
    """The moving picture to one peer."""

    def __init__(self, kind: str, transport: RTCDtlsTransport) -> None:
        super().__init__(kind, transport)
        self.again = Retransmission(BITS_PER_S["full"])
        self.on_key_wanted: Callable[[], None] = lambda: None
        self.on_report: Callable[[Report], None] = lambda report: None
        self.on_estimate: Callable[[int], None] = lambda bits_per_s: None
        self._next = secrets.randbelow(2**15)  # the lower half: a wrap too early would lose SRTP's count
        self._next_again = secrets.randbelow(2**15)

    async def send_unit(self, access_unit: AccessUnit) -> None:
        """Send a frame; another may not be sent before this one is."""
        put = self._transport_send()
        if put is None:
            return
        payloads, timestamp, first = access_unit.payloads, access_unit.stamp.rtp or 0, self._next
        self._next = (first + len(payloads)) % 2**16
        self.again.sent(Frame(first, timestamp, payloads))
        kind, ssrc, block, last = self._payload_type, self._ssrc, self._block(), len(payloads) - 1
        for begin in range(0, len(payloads), BURST):
            if begin:
                await asyncio.sleep(0)  # encrypting a keyframe for many peers in one go would hold the loop for long
                put = self._transport_send()
                if put is None:
                    return
            packets = [
                rtp_header.head(kind, (first + i) % 2**16, timestamp, ssrc, block, marker=i == last) + payload
                for i, payload in enumerate(payloads[begin : begin + BURST], begin)
            ]
            self.again.went_out(sum(map(len, packets)), steady())
            put(packets)
        self._count(len(payloads), sum(map(len, payloads)), timestamp)

    async def _retransmit(self, sequence_number: int) -> None:
        # In place of aiortc's, which sends all that is asked for, out of its history of 128 packets: one keyframe is
        # longer, and a peer that asks without end would have all of the link.
        payload_type: int | None = self._own["rtx_payload_type"]
        put = self._transport_send()
        if payload_type is None or put is None or (sent := self.again.again(sequence_number, steady())) is None:
            return
        number, self._next_again = self._next_again, (self._next_again + 1) % 2**16
        block, marker = self._block(), sent.marker
        head = rtp_header.head(payload_type, number, sent.timestamp, self._rtx_ssrc, block, marker=marker)
        put([head + rtp_header.original(sent.sequence) + sent.payload])

    def _send_keyframe(self) -> None:
        self.on_key_wanted()

    async def _handle_rtcp_packet(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpRtpfbPacket) and packet.fmt == RTCP_RTPFB_NACK:
            packet.lost = self.again.asked(packet.lost, steady())
        await super()._handle_rtcp_packet(packet)
        match packet:
            case RtcpRrPacket() | RtcpSrPacket():
                for report in packet.reports:
                    if report.ssrc == self._ssrc:
                        self._reported(report)
            case RtcpPsfbPacket(fmt=fmt, fci=fci) if fmt == RTCP_PSFB_APP:
                with contextlib.suppress(ValueError, IndexError):  # not an estimate, or cut short
                    bits_per_s, streams = unpack_remb_fci(fci)
                    if self._ssrc in streams:
                        self.on_estimate(bits_per_s)
            case _:
                pass

    def _reported(self, report: RtcpReceiverInfo) -> None:
        round_trip: float | None = None
        if report.dlsr and report.lsr == self._own["lsr"]:
            # The newest one, not aiortc's smoothed one: a queue is seen a second earlier. `time`, as aiortc took lsr.
            round_trip = plausible(now() - self._own["lsr_time"] - report.dlsr / 65536)
            self.again.took(round_trip)
        self.on_report(Report(report.fraction_lost / 256, round_trip))

    def _block(self) -> bytes:
        return rtp_header.extensions(
            self._ids,
            (
                (rtp_header.MID, self._mid),
                (rtp_header.ABSOLUTE_SEND_TIME, rtp_header.send_time(steady())),
                (rtp_header.PLAYOUT_DELAY, rtp_header.AT_ONCE),
            ),
        )


class VoiceSender(_Sender):
    """One slot of one listener."""

    def __init__(self, kind: str, transport: RTCDtlsTransport) -> None:
        super().__init__(kind, transport)
        self._munger = RtpMunger(secrets.randbelow(2**15), secrets.randbelow(2**32))
        self._reported_packets = 0

    def forward(self, source: Hashable, packet: VoicePacket) -> None:
        """Send a packet now; dropped where the peer is not connected (any more)."""
        put = self._transport_send()
        if put is None or not self.begun.is_set():
            return
        munged = self._munger.next(source, packet, steady())
        if munged is None:
            return
        sequence, timestamp, marker = munged
        block = rtp_header.extensions(
            self._ids,
            (
                (rtp_header.MID, self._mid),
                (rtp_header.AUDIO_LEVEL, rtp_header.audio_level(packet.level, voice=True)),
            ),
        )
        head = rtp_header.head(self._payload_type, sequence, timestamp, self._ssrc, block, marker=marker)
        put([head + packet.payload])
        self._count(1, len(packet.payload), timestamp)

    async def _send_rtcp(self, packets: list[AnyRtcpPacket]) -> None:
        """Nothing is reported of a slot in which nothing was sent since: most slots are silent most of the time."""
        sent: int = self._own["packet_count"]
        if sent != self._reported_packets or any(isinstance(packet, RtcpByePacket) for packet in packets):
            self._reported_packets = sent
            await super()._send_rtcp(packets)


class VoiceReceiver(RTCRtpReceiver):
    """Hands Opus packets out as they are; no decoder, no jitter buffer."""

    def __init__(self, kind: str, transport: RTCDtlsTransport) -> None:
        super().__init__(kind, transport)
        self.on_voice: Callable[[VoicePacket], None] = lambda packet: None
        self._own = Private(self, RTCRtpReceiver)
        self._opus: set[int] = set()

    async def receive(self, parameters: RTCRtpReceiveParameters) -> None:
        """Begin: as aiortc does, less the decoder's thread."""
        # aiortc starts a thread for each receiver, which decodes to PCM what is only to be forwarded.
        if self._own["started"]:
            return
        self._opus = {c.payloadType for c in parameters.codecs if c.payloadType and c.name.lower() == "opus"}
        self.transport._register_rtp_receiver(self, parameters)
        self._own["rtcp_task"] = asyncio.ensure_future(self._run_rtcp())
        self._own["started"] = True

    async def _handle_rtp_packet(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        streams: dict[int, StreamStatistics] = self._own["remote_streams"]
        if not self._enabled or packet.payload_type not in self._opus:
            return
        if packet.ssrc not in streams:  # aiortc has no bound: a peer could make one stream after the other
            if len(streams) >= MAX_ACTIVE_SSRCS:
                return
            streams[packet.ssrc] = StreamStatistics(CLOCK_HZ)
        streams[packet.ssrc].add(packet)
        if packet.payload:
            audio_level = packet.extensions.audio_level
            level = SILENT if audio_level is None else int(audio_level[1])
            marker = bool(packet.marker)
            self.on_voice(VoicePacket(packet.sequence_number, packet.timestamp, packet.payload, level, marker))


class Connection(RTCPeerConnection):
    """A peer connection that offers once and is answered once, over one port."""

    def __init__(self, port: UdpPort) -> None:
        super().__init__(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._port = port
        self._own = Private(self, RTCPeerConnection)
        self._tasks: set[asyncio.Future[Any]] = set()
        self._closing: asyncio.Task[None] | None = None

    async def make_offer(self) -> str:
        """The offer, as SDP, once all lines are there."""
        # aiortc's SDP builder has no place for playout-delay, for Opus parameters and for a level above its own, so
        # its text is parsed, completed and given back.
        for transceiver in self.getTransceivers():
            known = get_capabilities(transceiver.kind).codecs
            wanted = [c for c in known if c.name in {"opus", "rtx"} or _is_our_h264(c.name, c.parameters)]
            transceiver.setCodecPreferences(wanted)
        offer = SessionDescription.parse((await self.createOffer()).sdp)
        for media in offer.media:
            if media.kind == "video":
                playout_delay = RTCRtpHeaderExtensionParameters(id=PLAYOUT_DELAY_ID, uri=rtp_header.PLAYOUT_DELAY)
                media.rtp.headerExtensions.append(playout_delay)
            for codec in media.rtp.codecs:
                if codec.name == "opus":
                    codec.parameters.update(OPUS)
                elif codec.name == "H264":
                    codec.parameters["profile-level-id"] = H264_LEVEL_4
        await self.setLocalDescription(RTCSessionDescription(str(offer), "offer"))
        return str(self.localDescription.sdp)

    async def take_answer(self, sdp: str) -> None:
        """Let the peer's answer count; aiortc raises what it stumbles over, ValueError what it would only stumble over
        when it connects."""
        if any(media.dtls is None or not media.dtls.fingerprints for media in SessionDescription.parse(sdp).media):
            raise ValueError("no fingerprint")
        await self.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
        # aiortc keeps only the extensions that are in its own table; playout-delay is not.
        for transceiver, media in zip(self.getTransceivers(), SessionDescription.parse(sdp).media, strict=True):
            taken = [e for e in media.rtp.headerExtensions if e.uri == rtp_header.PLAYOUT_DELAY]
            transceiver._headerExtensions = [*transceiver._headerExtensions, *taken]

    async def close(self) -> None:
        """End, and wait for every task: once, whoever asks first, we or aiortc when the peer hangs up."""
        # When DTLS ends aiortc closes in a task of its own, which nobody owns: it comes through here too, and waits.
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="close peer")
        try:
            await asyncio.shield(self._closing)
        except asyncio.CancelledError:
            await asyncio.wait([self._closing])  # a closing that is left half done would leave its tasks behind
            raise

    async def _close(self) -> None:
        for transport in self._own["dtlsTransports"]:  # aiortc cancels this task and does not await it
            if transport._task is not None:
                self._tasks.add(transport._task)
        await super().close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _RTCPeerConnection__connect(self) -> None:  # noqa: N802 - aiortc's name
        """aiortc starts this as a task that nobody owns."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await super()._RTCPeerConnection__connect()  # type: ignore[misc]  # mypy does not know mangled names
        except InvalidStateError:
            return  # closed meanwhile
        except Exception as error:  # of what a peer has answered; nobody owns this task, so nobody would take it
            logger.info("a peer is not connected: %s", type(error).__name__)
        finally:
            self._tasks.discard(task)

    def _RTCPeerConnection__createDtlsTransport(self) -> RTCDtlsTransport:  # noqa: N802 - aiortc's name
        """As aiortc, for one transport (MAX_BUNDLE), with our gatherer."""
        gatherer = Gatherer(self._port)
        gatherer.on("statechange", self._own["updateIceGatheringState"])
        ice = IceTransport(gatherer)
        ice.on("statechange", self._own["updateIceConnectionState"])
        ice.on("statechange", self._own["updateConnectionState"])
        self._own["iceTransports"].add(ice)
        dtls = Dtls(ice, self._own["certificates"])
        dtls.on("statechange", self._own["updateConnectionState"])
        self._own["dtlsTransports"].add(dtls)
        for state in ("IceGathering", "IceConnection", "Connection"):
            self._own[f"update{state}State"]()
        return dtls

    def _RTCPeerConnection__createTransceiver(  # noqa: N802 - aiortc's name
        self, direction: str, kind: str, sender_track: MediaStreamTrack | None = None
    ) -> RTCRtpTransceiver:
        """As aiortc, with our parts; no line shares a stream, or browsers would keep the picture in step with sound."""
        before: list[RTCRtpTransceiver] = self._own["transceivers"]
        dtls = before[0].receiver.transport if before else self._own["createDtlsTransport"]()
        video = kind == "video"
        sender = VideoSender(kind, dtls) if video else VoiceSender(kind, dtls)
        receiver = RTCRtpReceiver(kind, dtls) if video else VoiceReceiver(kind, dtls)
        transceiver = RTCRtpTransceiver(direction=direction, kind=kind, sender=sender, receiver=receiver)
        receiver._set_rtcp_ssrc(sender._ssrc)
        transceiver._bundled = bool(before)
        before.append(transceiver)
        return transceiver


def _is_our_h264(name: str, parameters: dict[str, Any]) -> bool:
    return name == "H264" and parameters.get("profile-level-id") == H264_PROFILE
