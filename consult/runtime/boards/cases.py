"""Boards as whoever prepares their list needs them: a case is added or dropped, and what was put off is found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from consult.library.one_patient import EVERYTHING, Admission
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.runtime.registry import Registry
from consult.sessions.features.board.commands import DropCase, KeptView, Prepare, PutCase
from consult.sessions.features.board.deciding import decisions_of
from consult.sessions.features.board.events import Decision, Preparation
from consult.sessions.state import State


@dataclass(frozen=True)
class PutOff:
    """A case that a board has put off, and that none has taken over yet.

    Attributes:
        studies: UIDs; those that are here still.
    """

    state: State
    decision: Decision
    studies: tuple[str, ...]


async def add_case(
    registry: Registry,
    consult: ConsultId,
    study_uids: Sequence[str],
    brought: Prepare,
    admission: Admission = EVERYTHING,
) -> str:
    """One more case at the end of a board's list; its id. `brought`: what is prepared of it; its `of` does not count.

    Raises:
        Refused: "no_board", "unknown_study", "too_many_cases".
        DifferentPatients: studies of it are not one patient's.
    """
    running = await registry.find(consult)
    if running.core.state.board is None:
        raise Refused("no_board", "This consult is no board.")
    taken = {case.id for case in running.core.state.cases} | set(running.core.state.stages.values())
    number = next(n for n in range(1, len(taken) + 2) if f"c{n}" not in taken)
    case = await registry.library.case(study_uids, id=f"c{number}", title="", admission=admission)
    await running.command(PutCase(put=case))
    await running.command(replace(brought, of=case.id))
    return case.id


async def drop_case(registry: Registry, consult: ConsultId, case: str) -> None:
    """A case leaves the list. Raises Refused: "no_board", "unknown_case", "on_the_stage", "in_use"."""
    await (await registry.find(consult)).command(DropCase(dropped=case))


async def put_off(registry: Registry) -> list[PutOff]:
    """The cases that ended boards have put off, the newest first."""
    found = []
    for consult in await registry.consults():
        state, _ = await registry.read(consult)
        if state.board is None or not state.ended:
            continue
        for case in state.cases:
            decisions = decisions_of(state, case.id)
            if decisions and decisions[-1].words.outcome == "deferral":
                uids = [await _uid(registry, study.key) for study in case.studies if not study.deleted]
                found.append(PutOff(state, decisions[-1], tuple(uid for uid in uids if uid)))
    return sorted(found, key=lambda one: one.decision.at, reverse=True)


def carried_over(state: State, case: str, *, to: str) -> Prepare:
    """What is prepared of a case that was put off, for the board that takes it over, and why it was.

    Raises:
        Refused: "unknown_case", "not_put_off".
    """
    decisions = decisions_of(state, case)
    if not decisions or decisions[-1].words.outcome != "deferral":
        raise Refused("not_put_off", "This case was not put off to another board.")
    decision, preparation = decisions[-1], state.preparations.get(case, Preparation(case))
    texts = {name: written.text for name, written in preparation.texts.items()}
    why = f"Put off ({state.consult.title}): {decision.words.text}"
    texts["history"] = "\n".join(part for part in (texts.get("history", ""), why) if part)
    views = tuple(KeptView(view.view, view.line) for view in decision.views)
    return Prepare(
        of=to, by_name=decision.by_name, texts=texts, minutes=preparation.minutes, views=views,
        pictures=preparation.pictures,
    )  # fmt: skip


async def _uid(registry: Registry, key: str) -> str:
    try:
        return await registry.library.uid_of(key)  # type: ignore[arg-type]  # a study's key
    except Refused:
        return ""
