"""Packets as bytes, read back by aiortc's parser."""

from __future__ import annotations

from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import HeaderExtensionsMap, RtpPacket, unpack_header_extensions

from consult.media.rtp import header as rtp_header

IDS = {rtp_header.MID: 1, rtp_header.AUDIO_LEVEL: 2, rtp_header.ABSOLUTE_SEND_TIME: 3, rtp_header.PLAYOUT_DELAY: 4}


def parsed(data: bytes) -> RtpPacket:
    extensions = HeaderExtensionsMap()
    known = [RTCRtpHeaderExtensionParameters(id=number, uri=uri) for uri, number in IDS.items()]
    extensions.configure(RTCRtpParameters(headerExtensions=known))
    return RtpPacket.parse(data, extensions)


def test_a_packet_with_extensions_is_read_as_it_was_meant() -> None:
    block = rtp_header.extensions(
        IDS,
        (
            (rtp_header.MID, b"0"),
            (rtp_header.ABSOLUTE_SEND_TIME, rtp_header.send_time(64 + 1.5)),
            (rtp_header.AUDIO_LEVEL, rtp_header.audio_level(37, voice=True)),
        ),
    )
    packet = parsed(rtp_header.head(101, 65535, 2**32 - 1, 7, block, marker=True) + b"payload")
    assert (packet.payload_type, packet.sequence_number, packet.timestamp, packet.ssrc) == (101, 65535, 2**32 - 1, 7)
    assert (packet.marker, packet.payload) == (1, b"payload")
    assert (packet.extensions.mid, packet.extensions.audio_level) == ("0", (True, 37))
    assert packet.extensions.abs_send_time == int(1.5 * 2**18)


def test_the_playout_delay_is_nothing() -> None:
    block = rtp_header.extensions(IDS, ((rtp_header.PLAYOUT_DELAY, rtp_header.AT_ONCE),))
    assert unpack_header_extensions(0xBEDE, block[4:]) == [(4, b"\x00\x00\x00")]
    assert len(block) % 4 == 0


def test_what_the_peer_does_not_take_is_left_out() -> None:
    assert rtp_header.extensions({}, ((rtp_header.MID, b"0"),)) == b""
    packet = parsed(rtp_header.head(96, 1, 2, 3, b"", marker=False) + b"p")
    assert (packet.payload, packet.marker, packet.extensions.mid) == (b"p", 0, None)


def test_a_retransmission_begins_with_the_first_number() -> None:
    assert rtp_header.original(258) == b"\x01\x02"
