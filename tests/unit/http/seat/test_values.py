"""Values that a page asks for: a curve of a mark of the case on the stage, for everybody in the consult."""

from __future__ import annotations

import pytest

from tests.support.dynamic import SECONDS, UPTAKE, write_dynamic
from tests.support.waiting import until
from tests.unit.http.api.test_record import Seat
from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_curve_of_a_mark_is_for_all_of_its_consult(door: Door, join: Join) -> None:
    study = write_dynamic(door.data / "dynamic")
    await door.services.library.import_paths([door.data / "dynamic"], lambda progress: None)
    registry = door.services.registry
    consult = await registry.open([study], title="Dynamic", host_name="Dr. Host")
    links = {link.role: link for link in await registry.links(consult)}
    watches = await registry.invite(consult, "viewer")
    runner = await registry.find(consult)
    core = runner.core
    series = core.state.cases[0].series[0]
    x, y, z = series.grid.point(1, 30.0, 25.0)
    shape = {"id": "m1", "kind": "probe", "series": series.key, "image": 1, "points": [[x, y, z]]}
    length = {**shape, "id": "m2", "kind": "length", "points": [[x, y, z], [x + 9.0, y, z]]}
    async with door.client() as client, door.client() as viewer, door.client() as stranger:
        seat = await join(client, links["participant"], "A")
        watching = await join(viewer, watches, "B")
        drawing = Seat(runner, seat.split("/")[2])
        for one in (shape, length):
            drawing.ask("put_mark", mark=one)
        await until(lambda: len(core.state.marks) == 2)
        path, epoch = f"{seat}marks/m1/curve", core.state.case
        answer = await client.get(f"{path}?case={epoch}")
        assert answer.status_code == 200, answer.text
        curve = answer.json()
        assert [step["mean"] for step in curve["steps"]] == list(UPTAKE)
        assert [step["at"] for step in curve["steps"]] == pytest.approx(list(SECONDS))
        assert (curve["along"], curve["quantity"], curve["mark"]) == ("time", "time", "m1")
        assert curve["points"] == [[x, y, z]]
        assert answer.headers["cache-control"] == "no-store"
        same = await viewer.get(f"{watching}marks/m1/curve?case={epoch}")
        assert same.json() == curve
        assert (await stranger.get(f"{path}?case={epoch}")).status_code == 403
        for asked, status, code in (
            (f"{path}?case={epoch + 1}", 403, "stale_case"),
            (path, 403, "stale_case"),
            (f"{seat}marks/m2/curve?case={epoch}", 403, "no_curve"),
            (f"{seat}marks/m3/curve?case={epoch}", 404, "unknown_mark"),
        ):
            refused = await client.get(asked)
            assert (refused.status_code, refused.json()["error"]["code"]) == (status, code), asked
