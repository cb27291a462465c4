"""Who of several nodes has which consult. tests/contract/test_leases.py is its meaning.

Rules of this file:
- A lease belongs to a node's incarnation: one run of its process. It holds while that one beats.
- No clock is asked, and none is compared: who takes a lease says which beat of its holder it has seen standing still
  for long enough (`cluster/peers.py`), and gets it only where that beat is the newest still.
- Each lease that is granted has a greater epoch than all before, of whatever consult. A log takes entries with the
  newest alone: so a holder that was paused and wakes up stores nothing more, whatever it believes.
"""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

from consult.model.errors import OurFault

HOUSE = "@house"
"""The lease of what one node does for all: taking files in, deleting what is due. No consult has such an id."""


class Node(Struct, frozen=True):
    """What a node tells of itself.

    Attributes:
        name: that people gave it; no two that live have the same.
        incarnation: of its process, random.
        address: where other nodes reach it, http://HOST:PORT; "": a command, which answers nobody.
        site: version of its pages.
        form: of the entries that it writes: an older node cannot read them.
        beat: counts up while it lives.
        load: how much it has to do.
        leaving: it takes nothing more.
    """

    name: str
    incarnation: str
    address: str = ""
    site: str = ""
    form: int = 0
    beat: int = 0
    load: int = 0
    leaving: bool = False


class Pulse(Struct, frozen=True):
    """The answer to a beat.

    Attributes:
        nodes: all that have not left, this one too.
        lost: consults that others have taken from this one since the last beat.
        wanted: consults of this one that another asks for.
        wall: the store's wall clock, seconds since 1970.
    """

    nodes: tuple[Node, ...]
    lost: tuple[str, ...]
    wall: float
    wanted: tuple[str, ...] = ()


class Grant(Struct, frozen=True):
    """The outcome of an attempt to take a lease.

    Attributes:
        kind: granted (or had already); held by another that lives; newer: written by a release that this one cannot
            read; unknown: there is no such consult.
        epoch: of what is granted.
        holder: name of the node that has it.
    """

    kind: Literal["granted", "held", "newer", "unknown"]
    epoch: int = 0
    holder: str = ""


class Seen(Struct, frozen=True):
    """A beat of another node that has stood still for long enough."""

    incarnation: str
    beat: int


class Replaced(OurFault):
    """Another process has this node's name: what this one had is not its own any more."""

    def __init__(self, name: str) -> None:
        super().__init__("replaced", f"Another process runs as node {name!r} now: this one ends what it has.")


class Leases(Protocol):
    """Nodes and leases of one store."""

    async def join(self, node: Node, seen: Seen | None = None) -> int | None:
        """Be one of the nodes.

        Args:
            node: as whom.
            seen: of a former process of that name: it has stood still.

        Returns:
            None where it is one now; else the beat of a process that has that name, which lives, for all one knows.
        """

    async def beat(self, node: Node) -> Pulse:
        """Live on. Raises Replaced, StoreFailed."""

    async def leave(self, node: Node) -> None:
        """All that it has is free. Raises StoreFailed."""

    async def take(self, consult: str, node: Node, seen: Seen | None = None, *, new: bool = False) -> Grant:
        """Have a consult, or the house.

        Args:
            consult: its id.
            node: who wants it.
            seen: of its holder: it has stood still.
            new: there need not be such a consult yet.

        Raises:
            Replaced, StoreFailed.
        """

    async def release(self, consult: str, node: Node) -> None:
        """It is free; of another's lease nothing changes. Raises StoreFailed."""

    async def ask(self, consult: str) -> None:
        """Its holder is told with its next beat that another wants it. Raises StoreFailed."""

    async def holder(self, consult: str) -> str | None:
        """Incarnation of the node that took it last and has not let it go; it may be dead. Raises StoreFailed."""
