"""Many datagrams in one system call: which go together, and that none is lost where the system cannot."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator

import pytest

from consult.media.rtp.burst import MAX_BYTES, MAX_SEGMENTS, UDP_SEGMENT, Burst, run_length
from consult.media.webrtc.ice import open_port
from tests.support.waiting import PATIENCE_S


@pytest.mark.parametrize(
    ("sizes", "runs"),
    [
        ([1200], [1]),
        ([1200, 1200, 300], [3]),
        ([1200, 300, 1200], [2, 1]),
        ([300, 1200, 1200], [1, 2]),
        ([20, 8, 1200, 1200, 1200, 7], [2, 4]),
        ([10] * 70, [MAX_SEGMENTS, 70 - MAX_SEGMENTS]),
        ([1500] * 60, [MAX_BYTES // 1500, 60 - MAX_BYTES // 1500]),
    ],
)
def test_one_call_takes_equal_sizes_and_a_smaller_last(sizes: list[int], runs: list[int]) -> None:
    found, start = [], 0
    while start < len(sizes):
        found.append(run_length(sizes, start))
        start += found[-1]
    assert found == runs


class CannotSegment(socket.socket):
    """As on an interface without checksum offload: the option is refused, plain datagrams go."""

    tries = 0
    can = False

    def sendmsg(self, buffers, ancdata=(), flags=0, address=None, /):  # type: ignore[no-untyped-def]  # as socket's own stub
        self.tries += 1
        if ancdata and not self.can:
            raise OSError(errno.EIO, "no")
        return super().sendmsg(buffers, ancdata, flags, address)


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(PATIENCE_S)
        yield made


DATAGRAMS = [b"a" * 1200, b"b" * 1200, b"c" * 300, b"d" * 1200, b"e" * 1200]


@pytest.mark.skipif(sys.platform != "linux", reason="UDP_SEGMENT is Linux'")
def test_they_arrive_one_by_one_and_in_order(receiver: socket.socket) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        burst = Burst(sender)
        assert burst.send(DATAGRAMS, receiver.getsockname()) == len(DATAGRAMS)
        assert burst.works
        assert sender.getsockopt(socket.SOL_UDP, UDP_SEGMENT) == 0  # for one call, not for the socket
    assert [receiver.recv(2000) for _ in DATAGRAMS] == DATAGRAMS


def test_where_the_system_cannot_it_is_tried_once(receiver: socket.socket) -> None:
    with CannotSegment(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        burst = Burst(sender)
        assert burst.send(DATAGRAMS, receiver.getsockname()) == 0
        assert not burst.works
        assert burst.send(DATAGRAMS, receiver.getsockname()) == 0
        assert sender.tries == 1


def test_one_peer_behind_a_small_mtu_does_not_end_it_for_the_others(receiver: socket.socket) -> None:
    with CannotSegment(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        burst = Burst(sender)
        sender.can = True
        assert burst.send(DATAGRAMS, receiver.getsockname()) == len(DATAGRAMS)
        sender.can = False
        assert burst.send(DATAGRAMS, receiver.getsockname()) == 0
        sender.can = True
        assert burst.send(DATAGRAMS, receiver.getsockname()) == len(DATAGRAMS)


@pytest.mark.asyncio
async def test_the_port_sends_one_by_one_what_no_burst_takes(receiver: socket.socket) -> None:
    async with open_port("127.0.0.1") as port:
        port._burst.works = False
        port.send_burst(DATAGRAMS, receiver.getsockname())
        assert [receiver.recv(2000) for _ in DATAGRAMS] == DATAGRAMS
        port._burst.works = True
        port.send_burst(DATAGRAMS, receiver.getsockname())
        assert [receiver.recv(2000) for _ in DATAGRAMS] == DATAGRAMS
