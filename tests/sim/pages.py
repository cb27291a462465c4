"""What must hold of the pages once all is quiet: each equals the fold of the log, and sees what the others do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from consult.sessions.core import SessionCore
from consult.sessions.features.view.messages import ShownView
from consult.sessions.publishing.document import hidden_parts, snapshot_of
from consult.sessions.state import State
from tests.sim.document import as_snapshot, with_numbers_of
from tests.sim.playing import meant, plays

if TYPE_CHECKING:
    from tests.sim.client import Client
    from tests.sim.node import Node


def wrong_drafts(clients: Sequence[Client]) -> Iterator[str]:
    """Each sees what the others draw and write, and nothing that nobody does."""
    here = [client for client in clients if not client.is_out]
    drawn = {(client.seat, client.tab): client.draws for client in here if client.draws is not None}
    written = {(client.seat, client.tab): client.writes for client in here if client.writes}
    for client in here:
        if client.drawn != drawn:
            yield f"{client.seat} sees {sorted(client.drawn)} drawn, and {sorted(drawn)} is"
        if client.written != written:
            yield f"{client.seat} sees {client.written} written, and {written} is"


def wrong_pages(state: State, core: SessionCore, clients: Sequence[Client]) -> Iterator[str]:
    """Each equals the fold of the log, as the server does, and shows what the presenter meant."""
    if core.state != state or core.shown is None:
        yield "the server does not equal the fold of the log"
        return
    here = [client for client in clients if not client.is_out]
    yield from _wrong_explores(here, state.case)
    for client in here:
        if not client.is_done():
            yield f"{client.seat} is not done: {list(client.pending)}"
            continue
        known, fold = as_snapshot(client.state), snapshot_of(state, state.seats[client.seat].role)
        if with_numbers_of(known, fold) != with_numbers_of(fold, fold):
            yield f"{client.seat} does not equal the fold of the log"
        elif client.view is None or not _is_same(client.view, core.shown):
            yield f"{client.seat} shows another view than the server"
        yield from _wrong_presence(client, here)
        intent, now = client.intent, (state.control.epoch, state.case)
        is_due = state.control.seat == client.seat and intent is not None and (intent.control, intent.case) == now
        if is_due and intent is not None and meant(core.shown.view) != meant(intent.view):
            yield f"the view is not what {client.seat} meant last"


def _is_same(one: ShownView, other: ShownView) -> bool:
    """Whether two views are one; of what plays a page may be an image behind."""
    return meant(one.view) == meant(other.view) and (one.rev == other.rev or plays(one.view))


def wrong_media(node: Node, clients: Sequence[Client]) -> Iterator[str]:
    """Whom the server would make pictures for, what guests' leave out, and whose voices it would forward."""
    if node.hidden != hidden_parts(node.core.state, "viewer"):
        yield "guests' pictures do not leave out what is blacked out"
    for client in clients:
        if client.is_out or client.link is None:
            continue
        if node.screens.get(client.link.id) != client.screen:
            yield f"{client.seat} gets pictures of another screen than its own"
        is_on = any(one.seat == client.seat and one.microphone == "on" for one in client.presence.people)
        if node.voices.get(client.link.id, False) != is_on:
            yield f"the voice of {client.seat} is forwarded: {not is_on}, and others are shown: {is_on}"


def _wrong_explores(here: Sequence[Client], case: int) -> Iterator[str]:
    """By what each was sent, and what the others are sent of it."""
    sent = {c.seat: c.exploring for c in here if c.exploring is not None}
    exploring = {seat for seat, newest in sent.items() if newest.view is not None}
    for client in here:
        if client.seat in exploring and client.exploring is not None and client.exploring.view is not None:
            shown = client.exploring.view
            if (meant(shown.view), shown.case) != (meant(client.own_view), case):
                yield f"{client.seat} does not explore what it meant to"
        elif client.own_view is not None:
            yield f"{client.seat} wants to explore and was not sent that it cannot"
        if {one.seat for one in client.presence.people if one.exploring} != exploring:
            yield f"{client.seat} does not know who explores"


def _wrong_presence(client: Client, here: Sequence[Client]) -> Iterator[str]:
    seats = client.state.seats
    may = [o for o in here if o is not client and o.seat in seats and seats[o.seat].role != "viewer"]
    meant = {o.seat: o.cursor.at for o in may if o.cursor.at is not None and o.cursor.case == client.state.case}
    if {pointed.seat: pointed.at for pointed in client.cursors.cursors} != meant:
        yield f"{client.seat} does not see where everybody points"
    if {one.seat for one in client.presence.people if one.hand} != {other.seat for other in here if other.hand}:
        yield f"{client.seat} does not see whose hand is up"
