"""docs/protocol.md tells all of the wire: each message, event, refusal and address, and what of it may be lost."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from starlette.routing import BaseRoute, Route, WebSocketRoute

from consult.http.application import MODULES
from consult.sessions.features.board.feature import BOARD
from consult.sessions.features.rates import (
    JOINS,
    OF_ADDRESS,
    RATES,
    REQUESTS,
    STORED,
    STORED_BY_ALL,
    STORED_VIEWS,
    UNREADABLE,
)
from consult.sessions.features.standings import Phase, Standing
from consult.sessions.features.table import REGISTRY, union_of
from consult.sessions.protocol import client_messages, server_messages
from consult.sessions.replaceable import PRESENCE, replacement_key

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs/protocol.md").read_text()
NAMED = set(re.findall(r"`([^`]+)`", TEXT))
NAMED |= {word for name in NAMED for word in name.split()}
COLUMNS = (
    Standing("host", False), Standing("host", True), Standing("participant", False), Standing("participant", True),
    Standing("viewer", False),
)  # fmt: skip
ON_BOARDS = (
    Standing("host", False), Standing("moderator", False), Standing("preparer", False), Standing("participant", False),
    Standing("participant", True), Standing("viewer", False),
)  # fmt: skip
LOSS_OF_PAGES = {"newest", "once", "kept"}
read_server = msgspec.json.Decoder(union_of(server_messages())).decode


def section(title: str) -> str:
    """What stands below a heading, until the next of any rank."""
    return re.split(r"^#+ ", TEXT.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.M)[0]


def table(title: str) -> dict[str, list[str]]:
    """The cells of each row of a section's table, by each name in its first cell."""
    lines = [line.strip("|") for line in section(title).splitlines() if line.startswith("| `")]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return {name: cells for cells in rows for name in re.findall(r"`([^`]+)`", cells[0])}


def structs(kinds: Iterable[type[msgspec.Struct]]) -> dict[str, Any]:
    """Structs by their types as they travel."""
    return {str(kind.__struct_config__.tag): kind for kind in kinds}


def wire_names() -> set[str]:
    """Every type of the schema."""
    definitions: dict[str, dict[str, Any]] = json.loads((ROOT / "docs/schema.json").read_text())["$defs"]
    return {name for d in definitions.values() for name in d.get("properties", {}).get("type", {}).get("enum", [])}


def refusals(*packages: str) -> set[str]:
    """Every code that these packages refuse with, by a constant."""
    found = set()
    for path in (path for name in packages for path in sorted((ROOT / "consult" / name).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                code = node.args[0]
                if node.func.id in {"Refused", "Malformed", "error_response"} and isinstance(code, ast.Constant):
                    found.add(str(code.value))
    return found


def examples(name: str) -> list[dict[str, Any]]:
    """The good examples of a message."""
    found: list[dict[str, Any]] = json.loads((ROOT / f"tests/wire/{name}.json").read_text())["good"]
    return found


def test_every_name_of_the_wire_is_documented() -> None:
    names = wire_names()
    assert len(names) > 60
    assert names <= NAMED, sorted(names - NAMED)


def test_every_message_stands_in_the_table_of_who_sends_it() -> None:
    assert table("From the page").keys() == structs(client_messages()).keys()
    assert table("From the server").keys() == structs(server_messages()).keys()


@pytest.mark.parametrize(
    ("kinds", "title"), [(client_messages(), "From the page"), (server_messages(), "From the server")]
)
def test_every_field_of_a_message_is_documented(kinds: Iterable[type[msgspec.Struct]], title: str) -> None:
    rows = table(title)
    for name, struct in structs(kinds).items():
        assert set(struct.__struct_fields__) <= set(re.findall(r"`([^`]+)`", rows[name][1])), name


def test_what_may_be_lost_is_documented_as_it_is() -> None:
    pages = {name: cells[2] for name, cells in table("From the page").items()}
    assert set(pages.values()) == LOSS_OF_PAGES
    assert {name for name, loss in pages.items() if loss == "kept"} == structs(REGISTRY.commands).keys()
    for name, cells in table("From the server").items():
        loss = cells[2].split(";")[0].split()[0]
        keys = [replacement_key(read_server(json.dumps(example))) for example in examples(name)]
        expected = "kept" if not any(keys) else "first" if keys[0].startswith(PRESENCE) else "newest"
        if name == "measured":  # its examples are of many marks at once
            expected = "newest"
        assert loss == expected, name


def test_who_may_send_is_documented_as_it_is() -> None:
    may = {name: {i for i, cell in enumerate(cells[1:]) if cell} for name, cells in table("Who may send what").items()}
    assert may == {
        str(kind.__struct_config__.tag): {i for i, standing in enumerate(COLUMNS) if standing in allowed}
        for kind, allowed in REGISTRY.permissions.items()
    }


def test_who_may_send_what_of_a_board_is_documented_as_it_is() -> None:
    def when(standing: Standing, allowed: frozenset[Standing]) -> str:
        phases: tuple[Phase, ...] = ("preparing", "running")
        found = [phase for phase in phases if replace(standing, board=phase) in allowed]
        return {"": "", "preparing": "before", "running": "begun"}.get("".join(found), "always")

    documented = {name: cells[1:] for name, cells in table("On a board").items()}
    assert documented == {
        str(kind.__struct_config__.tag): [when(standing, allowed) for standing in ON_BOARDS]
        for kind, allowed in BOARD.commands.items()
    }


def test_how_often_a_page_may_send_is_documented_as_it_is() -> None:
    documented = {name: (float(cells[1]), float(cells[2])) for name, cells in table("How often").items()}
    assert documented == {str(kind.__struct_config__.tag): (rate.per_s, rate.burst) for kind, rate in RATES.items()}


def test_how_much_of_the_log_may_be_taken_is_documented_as_it_is() -> None:
    rows = [line.strip("| ").split(" | ") for line in section("How often").splitlines() if line.startswith("| ")]
    apart = [cells for cells in rows if cells[0].startswith(("what", "bytes", "requests"))]
    documented = {cells[0]: (float(cells[1]), float(cells[2])) for cells in apart}
    log = "bytes of the log, by"
    limits = {f"{log} commands of a seat": STORED, f"{log} commands of a consult": STORED_BY_ALL}
    limits |= {f"{log} views at rest": STORED_VIEWS, "what is no message": UNREADABLE}
    asked = {"lists": "thumbnails, lists, hangings, links", "reading": "reading, views, opened and seen"}
    asked |= {"pages": "the page, `state`, sockets without an upgrade", "stills": "stills and what is magnified"}
    limits |= {f"requests of a seat: {asked.get(what, what)}": rate for what, rate in REQUESTS.items()}
    strangers = {"joining": "`POST /join/...`", "pages": "home, the pages of links, what is refused"}
    strangers |= {"files": "`/static/...`, `/healthz`, `/readyz`"}
    limits |= {f"requests of one address: {strangers[what]}": rate for what, rate in OF_ADDRESS.items()}
    limits["requests by one link, of who has no seat by it yet"] = JOINS
    assert documented == {name: (limit.per_s, limit.burst) for name, limit in limits.items()}


def test_every_refusal_is_documented() -> None:
    of_messages = refusals("sessions", "signaling") - {"already_open", "same_case", "same_invitation"}
    of_messages -= {
        "too_many_invitations",
        "unknown_invitation",
        "too_many_cases",
        "used_up",
        "no_lobby",
    }  # of API and joining
    assert of_messages <= table("Refusals").keys(), sorted(of_messages - table("Refusals").keys())
    of_requests = refusals("http") | {"used_up", "too_many_invitations", "unknown_invitation", "different_patients"}
    of_requests |= {"too_many_cases"}
    assert of_requests <= NAMED, sorted(of_requests - NAMED)


def test_every_address_is_documented() -> None:
    routes: list[BaseRoute] = [route for module in MODULES for route in module.routes]
    paths = {route.path for route in routes if isinstance(route, Route | WebSocketRoute)}
    assert len(paths) > 20
    for path in paths:
        below = path.removeprefix("/seat/{seat}/")
        pattern = re.compile(rf"(?:(?:GET|POST|HEAD|PATCH|DELETE) )?{re.sub(r'{[^}]+}', '[A-Z]+', below)}(?:[?#].*)?")
        assert any(pattern.fullmatch(name) for name in NAMED | {""}), path
