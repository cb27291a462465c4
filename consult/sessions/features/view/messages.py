"""The presenter's view, as it is sent and as it is shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from consult.model.view import View
from consult.sessions.features.kinds import ClientMessage, Epoch, ServerMessage


class Show(ClientMessage, frozen=True, tag="show"):
    """The presenter's view, whole and absolute. May be dropped; the newest wins.

    `n` counts a tab's shows up, so that an older one that arrives late is not used. `rest`: the gesture is over.
    """

    control: Epoch
    case: Epoch
    n: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    view: View
    rest: bool = False


class ShownView(ServerMessage, frozen=True, tag="view"):
    """The view as it is now. `tab` and `n`: whose show it came from ("" and 0: the server's own)."""

    rev: int
    control: int
    case: int
    view: View
    tab: str = ""
    n: int = 0
