"""Who has aligned series by hand, in all that a page sends: the server says it, whatever name a page has put there.

A view that is kept is printed with that name, in a note that somebody signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from consult.model.mark import Shape
from consult.model.planes.aligning import Aligned, Aligners, alignments
from consult.model.view import View
from consult.sessions.connection_state import ConnectionState
from consult.sessions.features.chat.commands import PostChat
from consult.sessions.features.findings.commands import PutFinding
from consult.sessions.features.kinds import ClientMessage
from consult.sessions.features.marks.commands import KeepImage, PutMark
from consult.sessions.features.marks.messages import Draft
from consult.sessions.features.view.messages import Show, ShownView
from consult.sessions.presence.messages import Explore
from consult.sessions.state import State


def with_aligners(
    message: ClientMessage, connection: ConnectionState, state: State, shown: ShownView | None
) -> ClientMessage:
    """What a page sends, each alignment in it with the name of who has aligned.

    Args:
        message: of the page.
        connection: its.
        state: of the consult.
        shown: what is on the stage.
    """
    seat = state.seats.get(connection.seat)
    if seat is None:
        return message
    stage, own = _view(shown, state), _view(connection.own_view, state)
    before = stage if own is None or isinstance(message, Show) else own
    names = Aligners(seat.name, before, lambda: _known(state, (stage, own)))
    match message:
        case Show(view=view) | Explore(view=View() as view) | PutFinding(view=View() as view):
            return replace(message, view=names.view(view))
        case PostChat(view=View() as view):
            return replace(message, view=names.view(view))
        case KeepImage(viewport=viewport):
            return replace(message, viewport=names.viewport(viewport))
        case PutMark(mark=shape):
            return replace(message, mark=names.shape(shape))
        case Draft(shape=Shape() as shape):
            return replace(message, shape=names.shape(shape))
        case _:
            return message


def _view(shown: ShownView | None, state: State) -> View | None:
    return shown.view if shown is not None and shown.case == state.case else None


def _known(state: State, here: Iterable[View | None]) -> Iterator[Aligned]:
    """All alignments that the server has put a name to and still has."""
    for view in (*here, *_kept(state)):
        yield from alignments(view.viewports if view is not None else ())
    yield from alignments(image.viewport for image in state.key_images.values())
    for mark in state.marks.values():
        if mark.alignment is not None:
            yield (mark.series, mark.over), mark.alignment


def _kept(state: State) -> Iterator[View]:
    yield from state.left.values()
    for finding in (*state.findings.values(), *state.deleted_findings.values()):
        yield from (kept.view for kept in finding.views)
    yield from (message.view for message in state.chat if message.view is not None)
