"""Who watches the server: anybody may ask whether it is ready, its numbers who may, and nobody is in them."""

from __future__ import annotations

import io
import json
import logging
import re
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from consult.log_format import handler
from consult.model.errors import WorkerDied
from consult.monitoring.metrics import CONTENT_TYPE, NAMES, Metrics
from consult.monitoring.ready import ReadyCheck
from consult.store.log.readiness import Readiness
from consult.tally import MAX_LABELS
from tests.support.ct import write_series
from tests.unit.http.conftest import Door, Join
from tests.unit.http.sockets.test_control_socket import HELLO, connect, receive

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_it_lives_and_is_ready(door: Door) -> None:
    async with door.client() as client:
        for path in ("/healthz", "/livez"):
            assert (await client.get(path)).text == "ok\n"
        assert (await client.get("/readyz")).text == "ready\n"


async def test_a_full_disk_and_dead_workers_are_503_with_a_sentence(door: Door) -> None:
    """Seen to fail: with a full disk /readyz was "ready"."""

    async def log() -> None:
        """It answers."""

    class Workers:
        async def check(self) -> None:
            raise WorkerDied("deadline", "the file takes longer than 10 s to read")

    for wanted_mib, code in ((1 << 40, "low_disk"), (0, "no_workers")):
        readiness = Readiness(ReadyCheck(log, door.data, wanted_mib, Workers()))
        with door.using(readiness=readiness):
            async with door.client() as client:
                answer = await client.get("/readyz")
        await readiness.close()
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, code)
        assert str(door.data) not in answer.text


async def test_workers_are_really_asked(door: Door) -> None:
    workers = door.services.library._workers
    await workers.check()
    assert workers.alive >= 1
    assert workers.busy == 0


async def test_numbers_are_for_this_machine_and_not_for_who_comes_by_a_proxy(door: Door) -> None:
    """Seen to fail: behind a TLS proxy on this machine everybody asks from 127.0.0.1."""
    async with door.client() as client:
        answer = await client.get("/metrics")
        assert (answer.status_code, answer.headers["content-type"]) == (200, CONTENT_TYPE)
        for header in (
            {"X-Forwarded-For": "198.51.100.7"},
            {"Forwarded": "for=198.51.100.7"},
            {"Host": "evil.example"},
        ):
            refused = await client.get("/metrics", headers=header)
            assert (refused.status_code, refused.json()["error"]["code"]) == (401, "no_token"), header
    application = httpx.ASGITransport(door.application, client=("198.51.100.7", 1))
    async with httpx.AsyncClient(transport=application, base_url="http://127.0.0.1") as stranger:
        assert (await stranger.get("/metrics")).status_code == 401


async def test_where_a_token_is_set_nothing_else_counts(door: Door) -> None:
    metrics = Metrics(door.services.metrics.watched, "secret-of-sixteen")
    with door.using(metrics=metrics):
        async with door.client() as client:
            assert (await client.get("/metrics")).status_code == 401
        async with door.client("secret-of-sixteem") as client:
            assert (await client.get("/metrics")).status_code == 401
        async with door.client("secret-of-sixteen") as client:
            assert (await client.get("/metrics", headers={"X-Forwarded-For": "198.51.100.7"})).status_code == 200


async def test_a_consult_is_in_the_numbers_and_nobody_of_it(door: Door, join: Join) -> None:
    """Every label is one of a few words; no id, no name, no title. Seen to fail with the seat in a label."""
    consult, links = await door.open()
    async with door.client() as client:
        before = values((await client.get("/metrics")).text)
        seat = await join(client, links["host"], "Dr. Host")
        async with await connect(door, client, seat) as socket:
            await socket.send(json.dumps(HELLO))
            epoch = (await receive(socket, "welcome"))["view"]["case"]
            message = {"type": "post_chat", "case": epoch, "about": "c1", "text": "GEHEIM^PATIENTIN"}
            await socket.send(json.dumps({"id": "tab-12345.1", **message}))
            await receive(socket, "ack")
            await socket.send(json.dumps({"id": "tab-12345.2", **message, "about": "GEHEIM"}))
            code = (await receive(socket, "refused"))["code"]
            text = (await client.get("/metrics")).text
        after = values(text)
    assert after[f'consult_refused_total{{code="{code}"}}'] >= 1
    assert set(NAMES) <= {re.sub("_total$", "", name.partition("{")[0]) for name in families(text)}
    assert after['consult_people{role="host"}'] == before['consult_people{role="host"}'] + 1
    assert after['consult_pages{transport="stills"}'] == before['consult_pages{transport="stills"}'] + 1
    took = "consult_acknowledgement_seconds_count"
    assert after[took] == before[took] + 1
    for secret in ("GEHEIM", "ANNA", "4711", "Second opinion", str(consult), seat.split("/")[2], "Dr. Host"):
        assert secret not in text
    labels = re.findall(r'="([^"]*)"', text)
    assert len(set(labels)) < MAX_LABELS


def families(text: str) -> set[str]:
    return {family.name for family in text_string_to_metric_families(text)}


def values(text: str) -> dict[str, float]:
    """Of each line, its name with labels to its number."""
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(number) for name, _, number in lines}


async def test_a_log_has_no_name_of_a_patient_wherever_it_stands(
    door: Door, join: Join, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a study, a title, a name, a path, a message, a file that is refused, in errors of ours, of the system and of a
    library. Seen to fail: tracebacks end with their message."""
    secret = "GEHEIM"
    stream = io.StringIO()
    writes = handler("json", stream)
    writes.filters.clear()
    logging.getLogger().addHandler(writes)
    logging.getLogger("consult").setLevel(logging.DEBUG)
    try:
        study = write_series(
            tmp_path / f"{secret}^ANNA", images=2, size=32, patient=f"{secret}^ANNA", patient_id=secret
        )
        (tmp_path / f"{secret}^ANNA" / f"{secret}.dcm").write_bytes(b"DICM" + secret.encode())
        await door.services.library.import_paths([tmp_path], lambda progress: None)
        consult = await door.services.registry.open([study], title=secret, host_name=secret)
        link = next(one for one in await door.services.registry.links(consult) if one.role == "host")
        async with door.client() as client:
            seat = await join(client, link, secret)
            async with await connect(door, client, seat) as socket:
                await socket.send(json.dumps(HELLO))
                epoch = (await receive(socket, "welcome"))["view"]["case"]
                message = {"type": "post_chat", "case": epoch, "about": "c1", "text": secret}
                await socket.send(json.dumps({"id": "tab-12345.1", **message}))
                await receive(socket, "ack")
                await socket.send(f"{{{secret}")
        async with door.client(door.services.keys.host_token()) as client:
            for error in (ValueError(secret), FileNotFoundError(2, "No such file", secret), KeyError(secret)):

                async def fail(error: Exception = error) -> None:
                    raise error

                monkeypatch.setattr(door.services.library, "studies", fail)
                assert (await client.get("/api/studies")).status_code == 500
            assert (await client.get(f"/api/consults/{secret}")).status_code == 404
            assert (await client.get(f"/{secret}")).status_code == 404
    finally:
        logging.getLogger().removeHandler(writes)
        logging.getLogger("consult").setLevel(logging.NOTSET)
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event["error"].partition(" at ")[0] for event in events if "error" in event] == [
        "ValueError", "FileNotFoundError(No such file)", "KeyError",
    ]  # fmt: skip
    assert secret not in stream.getvalue()
