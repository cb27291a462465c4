"""Requests by HTTP, turned, of every route there is: by a stranger, from a seat, and with the host's token. They
come as the server's parser hands them on, so also with what no client would send."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.routing import Route

from consult.app import open_services
from consult.http.application import MODULES, make_application
from consult.http.security.address_rates import AddressRates
from consult.http.services import Services
from consult.model.rates import RateLimit
from consult.sessions.features.rates import OF_ADDRESS, REQUESTS
from consult.settings import Settings
from tests.support.ct import write_series
from tools.fuzz.mutate import TEXTS, Mutator
from tools.fuzz.watch import Findings, watched_loop

OFTEN = RateLimit(1e6, 1e6)
ENDS_THE_COURSE = {
    ("/api/consults/{consult}", "DELETE"), ("/api/consults/{consult}/record", "DELETE"),
    ("/api/studies/{study}", "DELETE"), ("/api/demo", "POST"),
}  # fmt: skip
"""What would leave nothing to ask for, or begins what takes minutes."""
FAULTS = (500, 501)
QUERIES = (
    "width=640&height=480&ratio=2", "size=200&case=1&viewport={}", "time=0&point=0,0,0&towards=0,0,1&least=1",
    "case=c1&version=draft&language=de", "keep_studies=1", "name=x.dcm", "rule=x", "",
)  # fmt: skip
BODIES: tuple[Any, ...] = (
    {"secret": "x", "name": "Anna"}, {"secret": "x"}, {"token": "x"}, {"version": "c1.1", "name": "Dr. A"},
    {"studies": ["1.2.3"], "title": "T", "more_cases": []}, {"role": "viewer", "name": "A", "expires_in_s": 60},
    {"files": [{"name": "a", "size": 3}], "name": "u"}, {"invitation": "x"}, ["x"],
)  # fmt: skip
HEADERS = (
    (b"accept", b"text/html"), (b"accept-language", b"de;q=0.5, *"), (b"if-none-match", b'"x"'),
    (b"origin", b"http://127.0.0.1"), (b"upload-offset", b"0"), (b"range", b"bytes=0-1"),
    (b"content-type", b"multipart/form-data; boundary=x"), (b"x-forwarded-for", b"192.0.2.1"),
    (b"cookie", b"a=b; consult-host=1.2.3"), (b"authorization", b"Bearer x"), (b"host", b"[::1"),
    (b"transfer-encoding", b"chunked"),
)  # fmt: skip


class Answer(NamedTuple):
    """Status, headers and body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass
class Known:
    """What sound requests name.

    Attributes:
        values: of the places of paths, those of which there are.
        seat: of a guest, with its cookie.
        token: the host's.
    """

    values: dict[str, str]
    seat: tuple[bytes, bytes]
    token: str


def routes() -> list[tuple[str, str]]:
    """Path and method of all that may be asked for."""
    found = {
        (route.path, method)
        for module in MODULES
        for route in module.routes
        if isinstance(route, Route)
        for method in route.methods or ("GET",)
    }
    return sorted(found - ENDS_THE_COURSE)


async def ask(
    app: Starlette, method: str, target: bytes, headers: Sequence[tuple[bytes, bytes]], body: bytes = b""
) -> Answer:
    """A request as uvicorn hands it on. Raises whatever the application raises."""
    if not target.isascii():
        return Answer(400, [], b"")  # so the server's parser has it: test_strangers.py
    path, _, query = target.partition(b"?")
    whole = [(b"host", b"127.0.0.1"), *headers]
    scope: MutableMapping[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote(path.decode("ascii", "replace")), "raw_path": path, "query_string": query, "root_path": "",
        "headers": whole, "client": ("192.0.2.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    sent: list[MutableMapping[str, Any]] = []
    parts = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> MutableMapping[str, Any]:
        return next(parts, {"type": "http.disconnect"})

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    return Answer(start["status"], start["headers"], b"".join(message.get("body", b"") for message in sent))


async def opened(services: Services, folder: Path) -> tuple[Starlette, Known]:
    """A consult of one study, and somebody's seat in it."""
    study = write_series(folder / "files", images=4, size=32)
    await services.library.import_paths([folder / "files"], lambda progress: None)
    consult = await services.registry.open([study], title="T", host_name="Dr. Host")
    link = next(one for one in await services.registry.links(consult) if one.role == "participant")
    app = make_application(replace(services, address_rates=AddressRates(dict.fromkeys(OF_ADDRESS, OFTEN))))
    path, _, secret = link.path.partition("#")
    asked = json.dumps({"secret": secret, "name": "Guest"}).encode()
    taken = await ask(app, "POST", f"{path}/seat".encode(), (), asked)
    seat = json.loads(taken.body)["seat"].split("/")[-2]
    cookies = b"; ".join(value.partition(b";")[0] for name, value in taken.headers if name.lower() == b"set-cookie")
    series = (await services.registry.find(consult)).core.state.cases[0].series[0].key
    values = {
        "consult": consult, "invitation": link.invitation, "seat": seat, "series": series, "digest": "0" * 64,
        "form": "json", "n:int": "1", "number:int": "0", "study": study, "version": "c1.1",
    }  # fmt: skip
    return app, Known(values, (b"cookie", cookies), services.keys.host_token())


class Asked(NamedTuple):
    """A request."""

    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes


def request(mutator: Mutator, known: Known) -> Asked:
    """One, turned."""
    rng = mutator.rng
    path, method = rng.choice(routes())
    for place in places(path):
        value = known.values.get(place, "x") if rng.random() < 0.8 else rng.choice(TEXTS)
        path = path.replace(f"{{{place}}}", value, 1)
    target = path.encode("utf-8", "surrogatepass").replace(b" ", b"%20")
    if query := rng.choice(QUERIES):
        target += b"?" + (mutator.text_of(query) if rng.random() < 0.7 else query).encode("utf-8", "replace")
    if rng.random() < 0.2:
        target = b"/" + mutator.bytes_of(target[1:])
    headers = [known.seat] if rng.random() < 0.7 else []
    headers += [(b"authorization", f"Bearer {known.token}".encode())] if rng.random() < 0.5 else []
    for name, sound in rng.sample(HEADERS, rng.randrange(4)):
        headers.append((name, mutator.bytes_of(sound) if rng.random() < 0.5 else sound))
    body = mutator.json_of(BODIES).encode("utf-8", "replace") if rng.random() < 0.8 else mutator.bytes_of(b"x" * 40)
    return Asked(method, target, headers, body)


def places(path: str) -> Iterator[str]:
    """Of a route."""
    for part in path.split("{")[1:]:
        yield part.partition("}")[0]


async def fuzz(seed: int, count: int) -> Findings:
    """So many requests; then a sound one is answered."""
    mutator, before = Mutator(seed), dict(REQUESTS)
    REQUESTS.update(dict.fromkeys(REQUESTS, OFTEN))
    try:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as made, watched_loop() as findings:
            settings = Settings(data=Path(made) / "data", port=0, workers=1)
            async with open_services(settings) as services:
                app, known = await opened(services, Path(made))
                for _ in range(count):
                    await take(app, request(mutator, known), findings)
                    await asyncio.sleep(0)
                sound = await ask(app, "GET", f"/seat/{known.values['seat']}/".encode(), [known.seat])
                if sound.status != 200:
                    findings.problem(f"a sound request is answered by {sound.status}")
    finally:
        REQUESTS.update(before)
    return findings


async def take(app: Starlette, asked: Asked, findings: Findings) -> None:
    """One request: it is answered, and not by a fault."""
    try:
        answer = await ask(app, *asked)
    except Exception as error:  # whatever it raises is a finding
        findings.count("raised")
        findings.problem(error)
        return
    findings.count(str(answer.status))
    if answer.status in FAULTS:
        findings.problem(f"{asked.method} {asked.target!r} is answered by {answer.status}")
