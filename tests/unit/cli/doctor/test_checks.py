"""What the doctor finds of ports, disk, rights, clock and codecs, where each works and where it does not."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from consult.cli.doctor.codecs import of_decoders
from consult.cli.doctor.findings import Finding
from consult.cli.doctor.nodes import check_bucket, check_node
from consult.cli.doctor.places import check_data
from consult.cli.doctor.ports import check_tcp, check_udp
from consult.cli.doctor.stores import check_redis, newest_noted
from consult.cli.doctor.times import check_clock
from consult.clock import now, steady
from consult.dicom.checking.decoders import LOSSLESS, try_decoders
from consult.media.video import trial
from consult.media.video.trial import try_encoder
from consult.media.webrtc.check_point import new_check_point
from consult.media.webrtc.reach import comes_through
from consult.model.errors import WorkerDied
from consult.settings import Settings
from consult.store.audit import AuditRecord
from consult.stores import open_stores
from tests.support.redis_server import RedisServer
from tests.support.s3_server import S3Server


def states(found: Iterator[Finding] | list[Finding]) -> list[tuple[str, str]]:
    return [(one.topic, one.state) for one in found]


def test_a_data_directory_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = Settings(data=data, min_free_mib=0)
    assert states(check_data(settings)) == [("data", "works"), ("disk", "works")]
    data.mkdir(mode=0o700)
    assert states(check_data(settings)) == [("data", "works"), ("disk", "works")]
    (data / "key").touch(mode=0o644)
    data.chmod(0o755)
    found = next(check_data(settings))
    assert (found.state, found.advice) == ("fails", f"chmod go= {data} {data / 'key'}")


def test_a_data_directory_that_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (found, *_) = check_data(Settings(data=tmp_path / "file"))
    assert (found.state, "cannot be written" in found.sentence) == ("fails", True)


def test_what_belongs_to_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "index.sqlite").touch(mode=0o600)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    found = next(check_data(Settings(data=tmp_path)))
    assert (found.state, "belongs to another user, as index.sqlite" in found.sentence) == ("fails", True)


def test_a_disk_without_room(tmp_path: Path) -> None:
    *_, full = check_data(Settings(data=tmp_path, min_free_mib=1 << 40))
    assert (full.state, "GiB are free" in full.sentence) == ("fails", True)


def test_a_port_that_is_free_or_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = check_tcp(Settings(port=taken.getsockname()[1]))
    assert (found.state, "Address already in use" in found.sentence) == ("fails", True)
    assert check_tcp(Settings(port=0)).state == "works"


async def test_datagrams_arrive_or_the_port_is_taken() -> None:
    assert (await check_udp(Settings())).state == "works"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        found = await check_udp(Settings(udp_port=taken.getsockname()[1]))
    assert (found.state, "Address already in use" in found.sentence) == ("fails", True)
    assert (await check_udp(Settings(udp_advertise="consult.example"))).state == "fails"


async def test_an_address_that_does_not_lead_back_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(*_: object) -> bool:
        return False

    monkeypatch.setattr("consult.cli.doctor.ports.comes_through", lost)
    assert (await check_udp(Settings(udp_advertise="198.51.100.7"))).state == "note"
    assert (await check_udp(Settings())).state == "fails", "an address of this machine does"


async def test_nobody_answers_at_a_port_that_nobody_has() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        assert not await comes_through(new_check_point("127.0.0.1", silent.getsockname()[1]))


def test_a_clock_that_runs_steadily(tmp_path: Path) -> None:
    assert states(check_clock(None, 0.4, lambda seconds: None)) == [("clock", "works")]


def test_a_clock_that_jumps_or_is_another_than_that_of_the_public_address() -> None:
    wall, jump = now() - steady(), 0.0

    def set_back(seconds: float) -> None:
        nonlocal jump
        jump = -3600.0

    found = list(check_clock(None, -90.0, set_back, lambda: wall + steady() + jump))
    assert [one.state for one in found] == ["fails", "fails"]
    assert "-3600.0 s" in found[0].sentence
    assert "-90 s" in found[1].sentence


@pytest.mark.parametrize("where", ["files", "redis"])
async def test_a_clock_that_was_set_back_behind_what_is_stored(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    settings = Settings(data=tmp_path)
    assert await newest_noted(settings) is None
    if where == "redis":
        server: RedisServer = request.getfixturevalue("redis_of_session")
        settings = Settings(data=tmp_path, redis=server.url)
        with server.client() as client:
            client.flushall()
        assert await newest_noted(settings) is None
    async with AsyncExitStack() as stack:
        audit = (await open_stores(stack, settings)).audit()
        stack.push_async_callback(audit.close)
        await audit.append([AuditRecord(now() + 7200, "join")])
    newest = await newest_noted(settings)
    found = await asyncio.to_thread(lambda: list(check_clock(newest, None, lambda seconds: None)))
    assert ["the clock was set back" in one.sentence for one in found] == [True]


def test_the_encoder_and_the_decoders_work_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert try_encoder() == ""
    assert try_decoders() == dict.fromkeys(LOSSLESS, "")
    monkeypatch.setattr(trial, "MAX_LOSS", -1.0)
    assert "differs by" in try_encoder()


def test_a_decoder_that_does_not_work_and_workers_that_do_not_answer() -> None:
    found = list(of_decoders({"JPEG": "", "JPEG-LS": "ImportError: libcharls"}))
    assert states(found) == [("DICOM workers", "works"), ("decoders", "fails")]
    assert "JPEG-LS is not decoded: ImportError" in found[1].sentence
    assert states(of_decoders(WorkerDied("no_worker", "no process could be started"))) == [("DICOM workers", "fails")]


async def test_a_redis_that_is_nearly_full_or_full(redis_of_session: RedisServer, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, redis=redis_of_session.url)
    with redis_of_session.client() as client:
        client.flushall()
        used = int(client.info("memory")["used_memory"])
    try:
        redis_of_session.set(maxmemory=str(int(used * 1.1)))
        (found,) = await check_redis(settings)
        assert (found.topic, found.state) == ("redis", "note")
        redis_of_session.set(maxmemory="1mb")
        (found,) = await check_redis(settings)
        assert (found.state, found.sentence.endswith("is full: it takes nothing")) == ("fails", True)
    finally:
        redis_of_session.set(maxmemory="0")
    assert states(await check_redis(settings)) == [("redis", "works")]


async def test_a_bucket_that_works_and_one_that_is_not_there(s3_of_session: S3Server, tmp_path: Path) -> None:
    assert await check_bucket(Settings(data=tmp_path)) == []
    url = s3_of_session.new_bucket()
    assert states(await check_bucket(Settings(data=tmp_path, **s3_of_session.settings(url)))) == [("bucket", "works")]
    assert s3_of_session.objects(url) == {}
    (found,) = await check_bucket(Settings(data=tmp_path, **s3_of_session.settings("s3://nobody-made-it")))
    assert (found.state, "There is no bucket s3://nobody-made-it" in found.sentence) == ("fails", True)
    (tmp_path / "objects-in").write_text("s3://another\n")
    (found,) = await check_bucket(Settings(data=tmp_path))
    assert found.sentence.endswith("are in s3://another, and objects is not set")


def test_what_several_nodes_want(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(check_node(Settings(data=tmp_path))) == []
    alone = Settings(data=tmp_path, redis="redis://127.0.0.1:6379/0")
    assert states(check_node(alone)) == [("node", "note"), ("volumes", "note")]
    there = {"node_address": "node-a.example:8000", "volumes": tmp_path / "v", "volume_cache_mib": 1}
    names = {"node-a.example": [("an address",)]}

    def look_up(host: str, _: object) -> list[tuple[str]]:
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return names[host]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert states(check_node(alone.model_copy(update=there))) == [("node", "works"), ("volumes", "works")]
    unknown = alone.model_copy(update={**there, "node_address": "typo:8000", "volume_cache_mib": 1 << 40})
    assert states(check_node(unknown)) == [("node", "fails"), ("volumes", "note")]
