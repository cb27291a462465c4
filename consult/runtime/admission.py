"""Which messages of pages are let through: by rate, before anything is decoded or decided. Pure: the time comes in.

    admit    within the rate
    later    over it, and absolute: the newest waits until it may go on (`waiting`, `due`); so does a hello where others
             have used up what is shared
    refuse   over it: a command gets its refusal, anything else one for the whole time it goes on
    drop     over it, and told before
    close    it has gone on for 5 s: the connection is ended

What a command takes of the log is known once it is decided: it is taken then, and the next ones wait until it has come
again (`stored`).

Only what is over the rate of the page or of its seat counts against it. What link and consult share may be used up by
others: then it waits or is refused, and nobody is closed for it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from consult.model.identifiers import ConnectionId, InvitationId, SeatId
from consult.model.rates import Overrun, RateLimit, TokenBucket
from consult.sessions.features.kinds import ClientMessage, ParticipantCommand
from consult.sessions.features.rates import (
    AGAIN,
    CONNECT,
    CONSULT,
    JOINS,
    LINK,
    NEWEST,
    OWN_PART,
    PATIENT,
    RATES,
    REQUESTS,
    SEAT,
    SEATS,
    SHARED,
    STORED,
    STORED_BY_ALL,
    UNREADABLE,
)

MAX_OWNERS = 1024
"""Of buckets. With more, those of who is gone and could start anew just as well are forgotten."""
REMEMBERED = 256
"""Newest commands of a seat that were let through, with their kind: sent again they are no new ones."""


class Verdict(Enum):
    """What becomes of a message."""

    ADMIT = "admit"
    LATER = "later"
    REFUSE = "refuse"
    DROP = "drop"
    CLOSE = "close"


class Sender(NamedTuple):
    """Whose message it is."""

    connection: ConnectionId
    seat: SeatId
    link: InvitationId


class Waiting(NamedTuple):
    """The newest message of its kind and sender, over the rate."""

    sender: Sender
    kind: str
    text: str


def _by_tag(kinds: Iterable[type[ClientMessage]]) -> frozenset[str]:
    return frozenset(str(kind.__struct_config__.tag) for kind in kinds)


_NEWEST, _PATIENT = _by_tag(NEWEST), _by_tag(PATIENT)
_COMMANDS = _by_tag(kind for kind in RATES if issubclass(kind, ParticipantCommand))
CONTROL, MEDIA, PICTURES = "(control socket)", "(media socket)", "(picture socket)"
_AGAIN, _JOIN, _TAKE_SEAT, _STORED = "(again)", "(join)", "(take seat)", "(stored)"


class Admission:
    """The rates of one consult.

    Args:
        rates: of each kind of message.
        shared: of a link and of the consult, of the kinds of which it is no multiple of that.
        stored: bytes of the log, of a seat's commands and of all.
    """

    def __init__(
        self,
        rates: Mapping[type[ClientMessage], RateLimit] = RATES,
        shared: Mapping[type[ClientMessage], tuple[RateLimit, RateLimit]] = SHARED,
        stored: tuple[RateLimit, RateLimit] = (STORED, STORED_BY_ALL),
    ) -> None:
        self._rates = {str(kind.__struct_config__.tag): rate for kind, rate in rates.items()}
        self._shared_rates = {str(kind.__struct_config__.tag): both for kind, both in shared.items()}
        self._rates |= {"": UNREADABLE, CONTROL: CONNECT, MEDIA: CONNECT, PICTURES: CONNECT, _AGAIN: AGAIN}
        self._rates |= {_JOIN: JOINS, _TAKE_SEAT: SEATS}
        self._stored_rates = stored
        self._buckets: OrderedDict[str, dict[str, TokenBucket]] = OrderedDict()
        self._overruns: dict[ConnectionId, Overrun] = {}
        self._let_through: OrderedDict[SeatId, OrderedDict[str, str]] = OrderedDict()
        self.waiting: dict[tuple[ConnectionId, str], Waiting] = {}

    def may_connect(self, seat: SeatId, now: float, socket: str) -> bool:
        """Whether one more page of that seat may connect its `CONTROL`, `MEDIA` or `PICTURES` socket now."""
        return self._bucket(f"seat {seat}", socket, self._rates[socket], now).take(now)

    def may_join(self, link: InvitationId, now: float) -> bool:
        """Whether one more of who has no seat by that link may ask about it, or for a seat, now."""
        return self._bucket(f"link {link}", _JOIN, self._rates[_JOIN], now).take(now)

    def may_take_seat(self, link: InvitationId, now: float) -> bool:
        """Whether one more seat may be taken by that link now."""
        return self._bucket(f"link {link}", _TAKE_SEAT, self._rates[_TAKE_SEAT], now).take(now)

    def may_ask(self, seat: SeatId, what: str, now: float) -> bool:
        """Whether a seat may ask by HTTP once more for one of `REQUESTS` now."""
        return self._bucket(f"seat {seat}", f"({what})", REQUESTS[what], now).take(now)

    def judge(self, sender: Sender, kind: str, command: str, text: str, now: float) -> Verdict:
        """What becomes of a message.

        Args:
            sender: whose it is.
            kind: its type as it travels; "" where it is no message of the protocol.
            command: its id, of a command.
            text: the whole message, which waits where the verdict is LATER.
            now: what time it is.
        """
        known = kind if kind in self._rates else ""
        before = self._let_through.get(sender.seat)
        is_again = known in _COMMANDS and before is not None and before.get(command) == known
        verdict = self._verdict(sender, _AGAIN if is_again else known, now)
        if verdict is Verdict.ADMIT:
            self.waiting.pop((sender.connection, known), None)
            if known in _COMMANDS:
                self._remember(sender.seat, command, known)
        elif verdict is Verdict.LATER:
            self.waiting[sender.connection, known] = Waiting(sender, known, text)
        elif verdict in (Verdict.DROP, Verdict.REFUSE) and known in _COMMANDS:
            return Verdict.DROP if is_again else Verdict.REFUSE
        return verdict

    def stored(self, seat: SeatId, size: int, now: float) -> None:
        """What a seat has done takes so many bytes of the log."""
        part = self._stored_part(seat, now)
        shared = part if part.has(now) else self._stored_by_all(now)
        for bucket in (self._stored_by(seat, now), shared):
            bucket.spend(size, now)

    def stored_wait_s(self, seat: SeatId, now: float) -> float:
        """In how many seconds something of a seat may be stored again; 0.0: now."""
        own, part, shared = self._stored_by(seat, now), self._stored_part(seat, now), self._stored_by_all(now)
        return max(own.wait_s(now), min(part.wait_s(now), shared.wait_s(now)))

    def due(self, now: float) -> list[Waiting]:
        """What waited and may go on now."""
        ready = [one for one in self.waiting.values() if self._spend(one.sender, one.kind, now) is None]
        for one in ready:
            del self.waiting[one.sender.connection, one.kind]
        return ready

    def next_due(self, now: float) -> float | None:
        """When to ask again what is due; None where nothing waits."""
        if not self.waiting:
            return None
        return min(self._rarest(one.sender, one.kind, now).next_at(now) for one in self.waiting.values())

    def forget(self, connection: ConnectionId) -> None:
        """That page is gone; its seat's buckets stay, so that coming back fills none."""
        self._buckets.pop(f"page {connection}", None)
        self._overruns.pop(connection, None)
        for key in [key for key in self.waiting if key[0] == connection]:
            del self.waiting[key]

    def _verdict(self, sender: Sender, kind: str, now: float) -> Verdict:
        lacking = self._spend(sender, kind, now)
        if lacking is None:
            return Verdict.ADMIT
        if kind in _NEWEST or (lacking == "shared" and kind in _PATIENT):
            return Verdict.LATER
        if lacking == "shared":
            return Verdict.REFUSE if kind in _COMMANDS else Verdict.DROP
        overrun = self._overruns.setdefault(sender.connection, Overrun())
        is_new = overrun.is_new(now)
        if overrun.note(now):
            return Verdict.CLOSE
        return Verdict.REFUSE if is_new else Verdict.DROP

    def _spend(self, sender: Sender, kind: str, now: float) -> str | None:
        """Take a token at each level; whose are lacking where there is none: "own" or "shared"."""
        own, part = self._own(sender, kind, now), self._part(sender, kind, now)
        if not _all_have(own, now):
            return "own"
        if not _all_have(part, now):
            part = self._shared(sender, kind, now)
            if not _all_have(part, now):
                return "shared"
        for bucket in (*own, *part):
            bucket.spend(1.0, now)
        return None

    def _own(self, sender: Sender, kind: str, now: float) -> list[TokenBucket]:
        page = self._bucket(f"page {sender.connection}", kind, self._rates[kind], now)
        seat = self._bucket(f"seat {sender.seat}", kind, self._rates[kind].times(SEAT), now)
        return [page, seat, *([self._stored_by(sender.seat, now)] if kind in _COMMANDS else [])]

    def _part(self, sender: Sender, kind: str, now: float) -> list[TokenBucket]:
        """What is a seat's own of what is shared."""
        part = self._bucket(f"seat {sender.seat}", f"own {kind}", self._rates[kind].times(OWN_PART), now)
        return [part, *([self._stored_part(sender.seat, now)] if kind in _COMMANDS else [])]

    def _shared(self, sender: Sender, kind: str, now: float) -> list[TokenBucket]:
        rate = self._rates[kind]
        of_link, of_all = self._shared_rates.get(kind, (rate.times(LINK), rate.times(CONSULT)))
        shared = [self._bucket(f"link {sender.link}", kind, of_link, now), self._bucket("consult", kind, of_all, now)]
        return [*shared, *([self._stored_by_all(now)] if kind in _COMMANDS else [])]

    def _stored_by(self, seat: SeatId, now: float) -> TokenBucket:
        return self._bucket(f"seat {seat}", _STORED, self._stored_rates[0], now)

    def _stored_part(self, seat: SeatId, now: float) -> TokenBucket:
        return self._bucket(f"seat {seat}", f"own {_STORED}", self._stored_rates[0].times(OWN_PART), now)

    def _stored_by_all(self, now: float) -> TokenBucket:
        return self._bucket("consult", _STORED, self._stored_rates[1], now)

    def _rarest(self, sender: Sender, kind: str, now: float) -> TokenBucket:
        own, part = self._own(sender, kind, now), self._part(sender, kind, now)
        if not _all_have(own, now):
            return _emptiest(own, now)
        ways = _emptiest(part, now), _emptiest(self._shared(sender, kind, now), now)
        return min(ways, key=lambda bucket: bucket.wait_s(now))

    def _bucket(self, owner: str, kind: str, limit: RateLimit, now: float) -> TokenBucket:
        mine = self._buckets.get(owner)
        if mine is None:
            self._forget_unused(now)
            mine = self._buckets[owner] = {}
        bucket = mine.get(kind)
        if bucket is None:
            bucket = mine[kind] = TokenBucket(RateLimit(limit.per_s, max(1.0, limit.burst)), now)
        return bucket

    def _forget_unused(self, now: float) -> None:
        if len(self._buckets) < MAX_OWNERS:
            return
        for owner, buckets in list(self._buckets.items()):
            if all(bucket.is_full(now) for bucket in buckets.values()):
                del self._buckets[owner]

    def _remember(self, seat: SeatId, command: str, kind: str) -> None:
        commands = self._let_through.setdefault(seat, OrderedDict())
        self._let_through.move_to_end(seat)
        commands.setdefault(command, kind)  # under another kind it is no command that came before
        if len(commands) > REMEMBERED:
            commands.popitem(last=False)
        if len(self._let_through) > REMEMBERED:
            self._let_through.popitem(last=False)


def _all_have(buckets: Iterable[TokenBucket], now: float) -> bool:
    return all(bucket.has(now) for bucket in buckets)


def _emptiest(buckets: Iterable[TokenBucket], now: float) -> TokenBucket:
    return max(buckets, key=lambda bucket: bucket.wait_s(now))
