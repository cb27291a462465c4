"""A data directory that an older version has left opens: same consults, links, seats, marks, pictures.

tests/golden/ holds one folder for each version; its README.md lists what is in it. Nothing of `consult` is imported
here: a server is started on the files as they were, and asked as a page asks. So no renaming touches this file, and
what changes deliberately in the form of a message is read in one place: `where`, `layout`, `viewport_meaning`.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.plain_page import Message, Page, PlainServer, Seat

GOLDEN = Path(__file__).parents[1] / "golden" / "2026-11-29"
RADIOGRAPHS = GOLDEN.parent / "2026-11-29-radiographs"
EXPECTED: Message = json.loads((GOLDEN / "expected.json").read_text(encoding="utf-8"))
FOLLOW_UP, BOARD, _ENDED = EXPECTED["known"]
"""Ids of the consults: of one case; of two; one that is over."""
LIVE = pytest.mark.parametrize("consult", [FOLLOW_UP, BOARD], ids=["follow-up", "board"])
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
BOOT_BYTES = 64
"""A `.ready` file begins with the boot that its volume was written in, so many bytes."""


# The data directory, as the old version lays it out.


def lay_out(data: Path) -> Path:
    """DATA/{key, log.sqlite, index.sqlite, objects/aa/SHA256, volumes/}, private as it was; `data` is returned."""
    data.mkdir(mode=0o700)
    (data / "key").write_bytes(bytes.fromhex((GOLDEN / "key.hex").read_text()))
    for name in ("log", "index"):
        make_database(data / f"{name}.sqlite", (GOLDEN / f"{name}.sql").read_text(encoding="utf-8"))
    for name in ("objects", "volumes"):
        shutil.copytree(GOLDEN / name, data / name)
    for path in data.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    trust_volumes(data)
    return data


def make_database(path: Path, script: str) -> None:
    """A database from its dump."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.executescript(script)
    database.close()


def trust_volumes(data: Path) -> None:
    """Make the unpacked images those of this boot, as they are where a server is brought up to date: they are used."""
    boot = BOOT_ID.read_bytes().strip()[:BOOT_BYTES].ljust(BOOT_BYTES)
    for path in (data / "volumes").glob("*.ready"):
        path.write_bytes(boot + path.read_bytes()[BOOT_BYTES:])


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlainServer]:
    """A server on the old data, for tests that leave it as it is."""
    with PlainServer(lay_out(tmp_path_factory.mktemp("old") / "data")) as server:
        yield server


def lay_out_radiographs(data: Path) -> Path:
    """DATA with two radiographs that were taken in, and nothing else."""
    data.mkdir(mode=0o700)
    make_database(data / "index.sqlite", (RADIOGRAPHS / "index.sql").read_text(encoding="utf-8"))
    shutil.copytree(RADIOGRAPHS / "objects", data / "objects")
    return data


# What messages mean, in the old form or in a newer one.


def where(place: Message) -> Message:
    """The series and the image of a mark or of what a viewport shows: by its place and time, or by its number."""
    if "image" in place:
        return {"series": place["series"], "place": place["image"], "time": 0}
    return {"series": place["series"], "place": place["place"], "time": place.get("time", 0)}


def viewport_meaning(viewport: Message) -> Message:
    """What a viewport shows, and how."""
    shows = viewport.get("shows", viewport)
    assert shows is viewport or shows["type"] == "stack", shows
    return {name: viewport[name] for name in ("camera", "window", "invert")} | where(shows)


def layout(view: Message) -> tuple[int, int]:
    """(rows, columns)."""
    grid = view["layout"]
    if isinstance(grid, str):
        rows, _, columns = grid.partition("x")
        return int(rows), int(columns)
    return grid["rows"], grid["columns"]


def view_meaning(view: Message | None) -> Message | None:
    """Everything that is shown."""
    if view is None:
        return None
    viewports = {viewport["id"]: viewport_meaning(viewport) for viewport in view["viewports"]}
    return {"layout": layout(view), "viewports": viewports, "active": view["active"], "link": link_meaning(view)}


def link_meaning(view: Message) -> Message | None:
    """How two viewports are linked; more than two are by a list that was not there."""
    return view["link"] and {name: value for name, value in view["link"].items() if value or name != "members"}


def mark_meaning(mark: Message) -> Message:
    """A mark: what it is, where, and whose."""
    names = ("id", "kind", "points", "label", "case", "author", "frame_of_reference")
    return {name: mark[name] for name in names} | where(mark)


def key_image_meaning(image: Message) -> Message:
    """A key image; its id is made from where it is."""
    return {"case": image["case"], "author": image["author"], "viewport": viewport_meaning(image["viewport"])}


def chat_meaning(message: Message) -> Message:
    """A chat message, with where to look."""
    return message | {"view": view_meaning(message["view"])}


def welcome_meaning(welcome: Message) -> Message:
    """A consult as a page gets it, without what counts starts of the server (`seq`, `rev`, `now`)."""
    snapshot = welcome["snapshot"]
    same = {name: snapshot[name] for name in ("consult", "case", "current", "control", "seats")}
    return same | {
        "log": welcome["log"],
        "me": (welcome["seat"], welcome["role"]),
        "view": (welcome["view"]["control"], welcome["view"]["case"], view_meaning(welcome["view"]["view"])),
        "marks": [mark_meaning(mark) for mark in snapshot["marks"]],
        "key_images": [key_image_meaning(image) for image in snapshot["key_images"]],
        "chat": [chat_meaning(message) for message in snapshot["chat"]],
    }


def same(before: Any, now: Any) -> bool:
    """All that was there is there and equal; a record may have more fields now."""
    if isinstance(before, dict):
        return isinstance(now, dict) and all(name in now and same(value, now[name]) for name, value in before.items())
    if isinstance(before, list):
        return isinstance(now, list) and len(before) == len(now) and all(map(same, before, now))
    return bool(before == now)


def without(record: Message, *names: str) -> Message:
    """A record without these fields."""
    return {name: value for name, value in record.items() if name not in names}


def relative(server: PlainServer, record: Message) -> Message:
    """A record whose addresses are paths."""
    return {name: v.removeprefix(server.address) if isinstance(v, str) else v for name, v in record.items()}


def seat_of(consult: str, name: str) -> Seat:
    """The seat of somebody, with the cookies that their browser still has."""
    known = EXPECTED["known"][consult]["seats"][name]
    return Seat(known["seat"], known["cookies"])


def seat_in_control(consult: str) -> Seat:
    """Of whoever had control."""
    known = EXPECTED["known"][consult]
    seats = (seat_of(consult, name) for name in known["seats"])
    return next(seat for seat in seats if seat.id == known["welcome"]["snapshot"]["control"]["seat"])


# The host, and links


def test_the_host_has_the_same_token_studies_and_consults(old: PlainServer) -> None:
    assert old.token == EXPECTED["token"]
    assert same(EXPECTED["studies"], old.api("GET", "studies")["studies"])
    consults = [relative(old, consult) for consult in old.api("GET", "consults")["consults"]]
    assert same([without(consult, "seq") for consult in EXPECTED["consults"]], consults)


@pytest.mark.parametrize("consult", EXPECTED["known"])
def test_the_host_has_the_same_links(old: PlainServer, consult: str) -> None:
    links = old.api("GET", f"consults/{consult}/invitations")
    for state, before in EXPECTED["known"][consult]["invitations"].items():
        assert same(before, [relative(old, link) for link in links[state]]), state


@LIVE
def test_a_link_says_who_invites_to_what(old: PlainServer, consult: str) -> None:
    title = EXPECTED["known"][consult]["welcome"]["snapshot"]["consult"]["title"]
    for link in EXPECTED["known"][consult]["invitations"]["invitations"]:
        preview = old.preview(link["url"]).json()
        assert (preview["title"], preview["role"], preview["state"]) == (title, link["role"], "live")


@pytest.mark.parametrize("consult", EXPECTED["known"])
def test_a_link_that_was_closed_stays_closed_and_says_why(old: PlainServer, consult: str) -> None:
    for closed in EXPECTED["known"][consult]["closed"]:
        answer = old.preview(closed["link"])
        if closed["code"] == "over":  # the host's link: a consult that has ended opens for reading
            assert (answer.status_code, answer.json()["role"]) == (200, "host")
            continue
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, closed["code"])


@LIVE
def test_who_comes_back_by_the_link_has_the_seat_of_before(old: PlainServer, consult: str) -> None:
    for name, known in without(EXPECTED["known"][consult]["seats"], "Max").items():
        assert old.take_seat(known["link"], known["name"], known["cookies"]).id == known["seat"], name


def test_who_was_removed_stays_out(old: PlainServer) -> None:
    known = EXPECTED["known"][FOLLOW_UP]["seats"]["Max"]
    answer = old.join(known["link"], "Max", known["cookies"])
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "removed")


# What is in a consult


@LIVE
def test_a_page_is_welcomed_with_what_was_there(old: PlainServer, consult: str) -> None:
    with Page(old, seat_of(consult, "host")) as host:
        before = EXPECTED["known"][consult]["welcome"]
        assert same(welcome_meaning(before), welcome_meaning(host.welcome))
        assert same(before["snapshot"]["cases"], host.welcome["snapshot"]["cases"])
        for case in before["snapshot"]["cases"]:
            for series in case["series"]:
                host.picture(f"thumbnails/{series['key']}")


@LIVE
def test_what_is_shown_has_the_same_pixels(old: PlainServer, consult: str) -> None:
    with Page(old, seat_of(consult, "host")) as host:
        assert host.stills() == EXPECTED["known"][consult]["stills"]


def test_a_page_that_stayed_open_goes_on_where_it_was(old: PlainServer) -> None:
    known = EXPECTED["known"][FOLLOW_UP]
    before, repeat = known["welcome"], known["repeat"]
    seen = {"log": before["log"], "after": repeat["seq"], "rev": repeat["rev"]}
    with Page(old, seat_of(FOLLOW_UP, repeat["seat"]), repeat["tab"], **seen) as page:
        assert page.welcome["snapshot"] is None
        assert page.shown["rev"] > repeat["rev"]
        assert view_meaning(page.shown["view"]) == view_meaning(before["view"]["view"])
        assert page.repeat(repeat["message"]) == repeat["seq"], "a command sent again is answered as the first time"


# Going on with it


@pytest.mark.parametrize("volumes", [True, False], ids=["unpacked images left", "none left"])
def test_what_chat_points_to_has_the_same_pixels(tmp_path: Path, *, volumes: bool) -> None:
    data = lay_out(tmp_path / "data")
    if not volumes:
        shutil.rmtree(data / "volumes")
    with PlainServer(data) as server:
        for consult in (FOLLOW_UP, BOARD):
            assert chat_stills(server, consult) == EXPECTED["known"][consult]["chat_stills"]


def chat_stills(server: PlainServer, consult: str) -> Message:
    """Show where each chat message points; the stills of it, by the message's id."""
    shown = {}
    with Page(server, seat_of(consult, "host")) as host:
        chat = host.welcome["snapshot"]["chat"]  # a guest is told that of the case on the stage
    with Page(server, seat_in_control(consult)) as page:
        current = page.welcome["snapshot"]["current"]
        for message in chat:
            if message["view"] is not None:
                if message["case"] != current:
                    page.command("switch_case", to=message["case"])
                    current = message["case"]
                page.show(message["view"])
                shown[message["id"]] = page.stills()
    return shown


def test_work_goes_on_and_is_there_after_another_start(tmp_path: Path) -> None:
    data = lay_out(tmp_path / "data")
    known = EXPECTED["known"][FOLLOW_UP]
    undone = known["welcome"] | {"snapshot": known["welcome"]["snapshot"] | known["undone"]}
    wanted = welcome_meaning(undone)
    with PlainServer(data) as server:
        work(server)
        new = draw_anew(server)
        link = open_anew(server)
    with PlainServer(data) as server, Page(server, seat_of(FOLLOW_UP, "host")) as host:
        now = welcome_meaning(host.welcome)
        assert server.preview(link).json()["title"] == "Of old studies"
    assert same(wanted | {"marks": [*wanted["marks"], new], "seats": now["seats"]}, now)
    assert [seat["name"] for seat in now["seats"]] == [*(seat["name"] for seat in wanted["seats"]), "Newcomer"]


def work(server: PlainServer) -> None:
    """A key image once more, one undo of what each of three did before, a new guest."""
    with Page(server, seat_of(FOLLOW_UP, "host")) as host:
        viewport = host.welcome["snapshot"]["key_images"][0]["viewport"]
        assert host.command("keep_image", viewport=viewport) == 0, "it is a key image already"
    for name in ("host", "Ann Kim", "Ben"):
        with Page(server, seat_of(FOLLOW_UP, name)) as page:
            page.command("undo")
    server.take_seat(EXPECTED["known"][FOLLOW_UP]["seats"]["Ann Kim"]["link"], "Newcomer")


def draw_anew(server: PlainServer) -> Message:
    """Another mark where there is one; what it means."""
    with Page(server, seat_of(FOLLOW_UP, "host")) as host:
        mark = next(mark for mark in host.welcome["snapshot"]["marks"] if mark["id"] == "a-length")
        changes = {"id": "new", "label": "put later"}
        host.command("put_mark", mark=without(mark, "case", "author", "frame_of_reference") | changes)
        return mark_meaning(mark | changes | {"author": host.seat})


def open_anew(server: PlainServer) -> str:
    """A consult on studies that the old version took in; its link."""
    links = open_consult(server, *([study["uid"]] for study in EXPECTED["studies"]))
    with Page(server, server.take_seat(links["host"], "Dr. New")) as host:
        assert [len(case["studies"]) for case in host.welcome["snapshot"]["cases"]] == [1, 1, 1]
        assert all(still["pixels"] for still in host.stills())
    return links["participant"]


def open_consult(server: PlainServer, first: list[str], *others: list[str]) -> dict[str, str]:
    """A new consult of these cases; its links by role."""
    wanted = {"studies": first, "more_cases": others, "title": "Of old studies", "host_name": "Dr. New"}
    opened = server.api("POST", "consults", **wanted)
    return {link["role"]: link["url"].removeprefix(server.address) for link in opened["links"]}


def test_radiographs_of_before_have_letters_and_say_how_they_are_calibrated(tmp_path: Path) -> None:
    """Seen to fail: the attributes of frames alone were read again, and a calibrated spacing was the detector's."""
    with PlainServer(lay_out_radiographs(tmp_path / "data")) as server:
        (study,) = server.api("GET", "studies")["studies"]
        link = open_consult(server, [study["uid"]])["host"]
        with Page(server, server.take_seat(link, "Dr. New")) as host:
            (case,) = host.welcome["snapshot"]["cases"]
            assert all(still["pixels"] for still in host.stills())
    found = [(s["key"], s["orientations"], s["projections"], s["grid"]["unit"]) for s in case["series"]]
    assert found == [
        ("db8ff1afd9c71792-681750f3dfb04539", [["L", "F"]], ["PA"], "mm at detector"),
        ("de06871f8de7c624-0c1c481db076026f", [["P", "F"]], ["LL"], "mm calibrated (fiducial)"),
    ]
    assert case["patient"]["issuer"] == "GOLDEN"
