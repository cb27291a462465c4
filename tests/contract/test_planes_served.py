"""Planes and fusion by the whole server: two seats see the same pixels, a restart forgets nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.planes.acts import move_point, open_planes, set_slab, tilt_plane
from consult.model.view import Fusion, Plane, View, Volume, Window
from tests.support.pet import CENTRE_MM, HOT, write_ct, write_pet
from tests.support.plain_page import Message, Page, PlainServer, Seat
from tests.support.server import consult


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CT and a PET of one frame of reference, taken in."""
    folder = tmp_path_factory.mktemp("served")
    write_ct(folder / "files")
    write_pet(folder / "files")
    consult("import", str(folder / "files"), data=folder / "data")
    return folder / "data"


@contextmanager
def seated(data: Path, links: dict[str, str]) -> Iterator[tuple[PlainServer, dict[str, Seat]]]:
    """A server with a consult, whose links are kept; a host's and a participant's seat."""
    with PlainServer(data) as server:
        if not links:
            opened = server.api("POST", "consults", studies=["1.2.3"], title="")
            links |= {link["role"]: link["url"].removeprefix(server.address) for link in opened["links"]}
        yield server, {role: server.take_seat(links[role], role) for role in ("host", "participant")}


def case_of(page: Page) -> Case:
    return msgspec.convert(page.welcome["snapshot"]["cases"][0], Case)


def message(view: View) -> Message:
    built: Message = msgspec.json.decode(msgspec.json.encode(view))
    return built


def fused(case: Case) -> View:
    """Axial fused, sagittal as a slab, coronal tilted, through the hot sphere."""
    ct, pet = (next(s for s in case.series if s.modality == modality) for modality in ("CT", "PT"))
    view = tilt_plane(set_slab(open_planes(case, ct.key), "b", 10.0, "max"), case, "c", (20.0, 10.0))
    view = move_point(view, case, CENTRE_MM)
    suv = pet.suv
    assert suv is not None
    top = 10.0 / suv.body_weight
    base = view.viewports[0].shows
    assert isinstance(base, Plane)
    fusion = Fusion(base, Volume(pet.key), Window(top / 2, top))
    return replace(view, viewports=(replace(view.viewports[0], shows=fusion), *view.viewports[1:]))


def test_two_seats_get_the_same_planes_and_their_values_also_after_another_start(data: Path) -> None:
    links: dict[str, str] = {}
    with (
        seated(data, links) as (server, seats),
        Page(server, seats["host"]) as presenter,
        Page(server, seats["participant"]) as follower,
    ):
        case = case_of(presenter)
        assert [series.no_planes for series in case.series] == ["", ""]
        view = fused(case)
        presenter.show(message(view))
        rev = presenter.shown["rev"]
        follower.until(lambda m: m["type"] == "view" and m["rev"] >= rev)
        stills = presenter.stills()
        assert stills == follower.stills()
        assert len({still["pixels"] for still in stills}) == 3
        _measure(presenter, follower, case)
        _refuse(presenter, view)
    with seated(data, links) as (server, seats), Page(server, seats["host"]) as page:
        assert page.shown["view"] == message(view)
        assert page.stills() == stills


def _measure(presenter: Page, follower: Page, case: Case) -> None:
    """An ellipse across the hot sphere: HU of the CT, SUV of the PET."""
    ct, pet = (next(s for s in case.series if s.modality == modality) for modality in ("CT", "PT"))
    x, y, z = CENTRE_MM
    shape: dict[str, Any] = {
        "id": "roi", "kind": "ellipse", "series": ct.key, "image": 4, "in_space": True, "over": pet.key,
        "points": [[x, y, z], [x + 20, y, z], [x, y, z + 20]],
    }  # fmt: skip
    presenter.command("put_mark", mark=shape)
    measured = follower.until(lambda m: m["type"] == "measured" and m["readings"][0]["mark"] == "roi")
    (reading,) = measured["readings"]
    assert reading["mean"] == pytest.approx(45.0, abs=5.0)
    assert pet.suv is not None
    assert reading["over"]["high"] * pet.suv.body_weight == pytest.approx(HOT, abs=0.1)


def _refuse(presenter: Page, view: View) -> None:
    """A view whose planes miss the point is answered with a sentence, and nothing changes."""
    assert view.crosshair is not None
    before = presenter.shown
    broken = replace(view, crosshair=replace(view.crosshair, point=(0.0, 0.0, 0.0)))
    with pytest.raises(AssertionError, match="does not go through the crosshair's point"):
        presenter.show(message(broken))
    assert presenter.shown == before
