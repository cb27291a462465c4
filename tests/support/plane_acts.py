"""Random sequences of acts on planes, as `tests/planes-acts.json` has them for Python and for the page."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import msgspec

from consult.model.catalogue import Case
from consult.model.identifiers import SeriesKey
from consult.model.planes.acts import (
    lay_out,
    move_point,
    one_up,
    open_planes,
    scroll_plane,
    set_slab,
    spin_plane,
    straighten_plane,
    tilt_plane,
    turn_planes,
)
from consult.model.view import View
from tests.support.volumes import GRIDS, volume_case

TABLE = Path(__file__).parent.parent / "planes-acts.json"
SEQUENCES, ACTS = 18, 8
KEYS = ("s-1", "s-pet")
Step = list[Any]
"""The name of an act, then its arguments behind view and case."""


def act(view: View, case: Case, step: Step) -> View:
    """What an act of the table makes of a view."""
    name, *how = step
    match name:
        case "move":
            return move_point(view, case, how[0])
        case "scroll":
            return scroll_plane(view, case, how[0], how[1])
        case "turn":
            return turn_planes(view, case, how[0], how[1])
        case "tilt":
            return tilt_plane(view, case, how[0], (how[1], how[2]))
        case "straighten":
            return straighten_plane(view, case, how[0])
        case "slab":
            return set_slab(view, how[0], how[1], how[2])
        case "spin":
            return spin_plane(view, how[0], how[1])
        case "one":
            return one_up(view, how[0])
        case _:
            return lay_out(view, case, how[0], how[1])


def random_step(view: View, dice: random.Random) -> Step:
    """One act, as a hand would do it."""
    identifier = dice.choice([viewport.id for viewport in view.viewports])
    steps: list[Step] = [
        ["move", tuple(round(dice.uniform(-60, 60), 3) for _ in range(3))],
        ["scroll", identifier, round(dice.uniform(-9, 9), 3)],
        ["turn", identifier, round(dice.uniform(-180, 180), 3)],
        ["tilt", identifier, round(dice.uniform(-90, 90), 3), round(dice.uniform(-90, 90), 3)],
        ["straighten", identifier],
        ["slab", identifier, round(dice.uniform(0, 60), 3), dice.choice(("mean", "max", "min"))],
        ["spin", identifier, round(dice.uniform(-180, 180), 3)],
        ["one", identifier] if dice.random() < 0.4 else ["lay", dice.randint(1, 2), dice.randint(1, 3)],
    ]
    return dice.choice(steps)


def as_json(view: View) -> Any:
    """What of a view acts change, as JSON has it."""
    parts = {
        "layout": view.layout,
        "active": view.active,
        "crosshair": view.crosshair,
        "viewports": [{"id": v.id, "shows": v.shows, "camera": v.camera} for v in view.viewports],
    }
    return json.loads(msgspec.json.encode(parts))


def sequence(seed: int) -> dict[str, Any]:
    """A sequence on one of the grids, with the view that it begins with and the view after each act."""
    dice = random.Random(seed)
    grid = list(GRIDS)[seed % len(GRIDS)]
    case = volume_case(GRIDS[grid])
    opened = dice.choice(KEYS)
    view = open_planes(case, SeriesKey(opened))
    views, steps = [as_json(view)], []
    for _ in range(ACTS):
        step = random_step(view, dice)
        view = act(view, case, step)
        steps.append(step)
        views.append(as_json(view))
    return {"grid": grid, "opened": opened, "steps": steps, "views": views}


def table() -> dict[str, Any]:
    """All of it: the series of each grid's case, and the sequences."""
    cases = {
        name: [
            {"key": s.key, "modality": s.modality, "images": s.images, "frame_of_reference": s.frame_of_reference}
            | {"grid": s.grid, "windows": s.windows, "no_planes": ""}
            for s in volume_case(grid).series
        ]
        for name, grid in GRIDS.items()
    }
    made = {"cases": cases, "sequences": [sequence(seed) for seed in range(SEQUENCES)]}
    return dict(json.loads(msgspec.json.encode(made)))


if __name__ == "__main__":
    TABLE.write_text(json.dumps(table(), separators=(",", ":")) + "\n")
