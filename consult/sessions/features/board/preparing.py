"""What is prepared of each case: words, minutes, views in their order, pictures."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from consult.model.cine.playing import stopped
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.board.cases import check_known, in_order
from consult.sessions.features.board.commands import MAX_LINE, MAX_TEXT, Prepare, PrepareView, PutPreparation
from consult.sessions.features.board.events import (
    Picture,
    Preparation,
    PreparationPut,
    PreparedView,
    PreparedViewDropped,
    PreparedViewPut,
)
from consult.sessions.features.kinds import SERVER, Event
from consult.sessions.features.limits import MAX_ALL_PREPARED_VIEWS, MAX_PICTURES, MAX_PREPARED_VIEWS, full, full_part
from consult.sessions.features.note.events import Written
from consult.sessions.features.texts import clean_line, clean_lines
from consult.sessions.state import State
from consult.sessions.views import check_view


def of_case(state: State, case: str) -> Preparation:
    """What is prepared of a case. Raises Refused("unknown_case")."""
    check_known(state, case)
    return state.preparations.get(case, Preparation(case))


def views_of(state: State, case: str) -> tuple[PreparedView, ...]:
    """The prepared views of a case, in their order."""
    views = {one.id: one for one in state.prepared.values() if one.case == case}
    preparation = state.preparations.get(case, Preparation(case))
    return tuple(views[identifier] for identifier in in_order(views, preparation.order))


def write(state: State, actor: SeatId, command: PutPreparation) -> list[Event]:
    """A text of a case. Raises Refused: "unknown_case", "changed_meanwhile"."""
    preparation = of_case(state, command.of)
    before = preparation.texts.get(command.text)
    if command.base != (0 if before is None else before.rev):
        who = "Somebody" if before is None else before.author_name
        raise Refused("changed_meanwhile", f"{who} has written there meanwhile.")
    words = clean_lines(command.words, MAX_TEXT)
    if words == preparation.text(command.text):
        return []
    written = Written(words, command.base + 1, actor, state.seats[actor].name)
    return [PreparationPut(replace(preparation, texts={**preparation.texts, command.text: written}))]


def plan(state: State, case: str, minutes: int) -> list[Event]:
    """How long is planned for a case. Raises Refused("unknown_case")."""
    return _put(state, replace(of_case(state, case), minutes=minutes))


def keep(state: State, actor: SeatId, command: PrepareView) -> list[Event]:
    """A view of the case on the stage is kept.

    Raises:
        Refused: "nothing_to_show", "known_view", "too_many_views"; those of `check_view`.
    """
    case = state.current_case
    if case is None:
        raise Refused("nothing_to_show", "There is no case on the stage.")
    if command.prepared in state.prepared:
        raise Refused("known_view", "There is a prepared view of that id already.")
    view = stopped(command.view)
    check_view(view, case)
    _check_room(state, case.id)
    return [PreparedViewPut(PreparedView(command.prepared, case.id, view, clean_line(command.line, MAX_LINE), actor))]


def name(state: State, prepared: str, line: str) -> list[Event]:
    """A prepared view has another line. Raises Refused("unknown_view")."""
    before = _known(state, prepared)
    after = replace(before, line=clean_line(line, MAX_LINE))
    return [] if after == before else [PreparedViewPut(after)]


def drop(state: State, prepared: str) -> list[Event]:
    """A prepared view is gone. Raises Refused("unknown_view")."""
    return [PreparedViewDropped(prepared, _known(state, prepared).case)]


def order_views(state: State, case: str, order: tuple[str, ...]) -> list[Event]:
    """The prepared views of a case in another order. Raises Refused: "unknown_case", "unknown_view"."""
    preparation = of_case(state, case)
    if any(_known(state, one).case != case for one in order):
        raise Refused("unknown_view", "That view was prepared for another case.")
    return _put(state, replace(preparation, order=tuple(dict.fromkeys(order))))


def drop_picture(state: State, case: str, picture: str) -> list[Event]:
    """A picture is gone. Raises Refused: "unknown_case", "unknown_picture"."""
    preparation = of_case(state, case)
    others = tuple(one for one in preparation.pictures if one.id != picture)
    if others == preparation.pictures:
        raise Refused("unknown_picture", "This case does not have that picture (any more).")
    return _put(state, replace(preparation, pictures=others))


def prepare(state: State, command: Prepare) -> list[Event]:
    """What comes with a case from outside. Raises Refused: "unknown_case", "too_many_pictures"."""
    preparation = of_case(state, command.of)
    texts = dict(preparation.texts)
    for kind, words in command.texts.items():
        if (clean := clean_lines(words, MAX_TEXT)) and clean != preparation.text(kind):
            before = texts.get(kind)
            rev = 1 if before is None else before.rev + 1
            texts[kind] = Written(clean, rev, SERVER, command.by_name)
    after = replace(
        preparation,
        texts=texts,
        minutes=command.minutes or preparation.minutes,
        pictures=_with_pictures(preparation.pictures, command.pictures),
    )
    return [*_put(state, after), *_kept(state, command)]


def _kept(state: State, command: Prepare) -> Iterator[Event]:
    """Views that came along and can be shown: of studies that are not the same any more some cannot."""
    case, room = state.find_case(command.of), MAX_PREPARED_VIEWS - len(views_of(state, command.of))
    for n, kept in enumerate(command.views):
        identifier = f"{command.of}.kept.{len(state.prepared)}.{n}"
        if case is None or room <= 0:
            return
        try:
            check_view(kept.view, case)
        except Refused:
            continue
        room -= 1
        yield PreparedViewPut(PreparedView(identifier, case.id, kept.view, clean_line(kept.line, MAX_LINE), SERVER))


def _with_pictures(before: tuple[Picture, ...], more: tuple[Picture, ...]) -> tuple[Picture, ...]:
    known = {one.id for one in before}
    after = (*before, *(replace(one, line=clean_line(one.line, MAX_LINE)) for one in more if one.id not in known))
    if len(after) > MAX_PICTURES:
        raise full_part("too_many_pictures", "case", MAX_PICTURES, "pictures", "drop one first")
    return after


def _put(state: State, preparation: Preparation) -> list[Event]:
    before = state.preparations.get(preparation.case, Preparation(preparation.case))
    return [] if preparation == before else [PreparationPut(preparation)]


def _known(state: State, prepared: str) -> PreparedView:
    found = state.prepared.get(prepared)
    if found is None:
        raise Refused("unknown_view", "There is no such prepared view (any more).")
    return found


def _check_room(state: State, case: str) -> None:
    if len(views_of(state, case)) >= MAX_PREPARED_VIEWS:
        raise full_part("too_many_views", "case", MAX_PREPARED_VIEWS, "prepared views", "drop one first")
    if len(state.prepared) >= MAX_ALL_PREPARED_VIEWS:
        raise full("too_many_views", MAX_ALL_PREPARED_VIEWS, "prepared views", "drop some or begin")
