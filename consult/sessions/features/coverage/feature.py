"""Coverage: what each page says that it has painted, as one set for each seat and series. It only grows."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.coverage.commands import MAX_RUNS, ReportImages
from consult.sessions.features.coverage.events import Coverage, CoveragePut
from consult.sessions.features.coverage.runs import is_runs, united
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_COVERAGES, full
from consult.sessions.features.standings import EVERYBODY
from consult.sessions.state import State


def decide(state: State, actor: SeatId, command: ReportImages, now: float) -> list[Event]:
    """What a report leads to: nothing where all of it is known.

    Raises:
        Refused: "unknown_series", "image_out_of_range", "bad_runs" or "too_many_coverages".
    """
    series = None if state.current_case is None else state.current_case.find(command.series)
    if series is None:
        raise Refused("unknown_series", "What was seen is of a series that this case does not have.")
    if not is_runs(command.runs):
        raise Refused("bad_runs", "Runs of images are ascending, and none is next to another.")
    if (last := command.runs[-1][1]) >= series.images:
        raise Refused("image_out_of_range", f"What was seen is image {last} of {series.images}.")
    identifier = f"{state.current}/{actor}/{series.key}"
    known = state.coverage.get(identifier)
    if known is None and len(state.coverage) >= MAX_COVERAGES:
        raise full("too_many_coverages", MAX_COVERAGES, "records of who has seen which series", "begin")
    runs = united(() if known is None else known.runs, command.runs, MAX_RUNS)
    if known is not None and known.runs == runs:
        return []
    return [CoveragePut(Coverage(identifier, state.current, series.key, actor, runs))]


def apply(state: State, event: CoveragePut, by: SeatId) -> State:
    """The state with that set."""
    return replace(state, coverage={**state.coverage, event.coverage.id: event.coverage})


COVERAGE = Feature[ReportImages, CoveragePut](
    name="coverage",
    commands={ReportImages: EVERYBODY},
    events=(CoveragePut,),
    decide=decide,
    apply=apply,
)
