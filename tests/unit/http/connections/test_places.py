"""How many connections there may be, and who gives way."""

from __future__ import annotations

import random
from collections.abc import Hashable

from consult.http.connections.places import Places

HERE, THERE = "192.0.2.1", "192.0.2.2"


def test_while_there_is_a_place_nobody_gives_way() -> None:
    places = Places(most=3, most_of_address=2)
    assert [places.enter(n, address) for n, address in enumerate((HERE, HERE, THERE))] == [None] * 3
    assert len(places) == 3


def test_of_a_full_address_who_waits_longest_gives_way_and_nobody_elses_connection_does() -> None:
    places = Places(most_of_address=2)
    places.enter("other", THERE)
    for name in ("first", "second"):
        places.enter(name, HERE)
    places.busy("first")
    places.idle("first")  # it was asked something since: the second waits longer
    assert places.enter("third", HERE) == "second"
    assert places.enter("fourth", HERE) == "first"


def test_who_is_at_work_is_not_cut() -> None:
    places = Places(most=2)
    for name in ("first", "second"):
        places.enter(name, HERE)
        places.busy(name)
    assert places.enter("third", HERE) == "third"
    places.idle("second")
    assert places.enter("third", HERE) == "second"
    assert len(places) == 2


def test_a_websocket_takes_a_place_but_none_of_its_address() -> None:
    places = Places(most=4, most_of_address=1)
    for number in range(3):
        assert places.enter(number, HERE) is None
        places.seated(number)
        places.idle(number)  # never: nothing is asked on it any more
    assert places.enter("page", HERE) is None
    assert places.enter("one more", THERE) == "page"
    for number in range(3):
        places.leave(number)
    assert places.enter("again", THERE) == "one more"


def test_a_proxys_address_has_no_limit() -> None:
    places = Places(most=50, most_of_address=2, proxies={HERE})
    assert [places.enter(n, HERE) for n in range(50)] == [None] * 50
    assert places.enter(50, HERE) == 0


def test_whatever_happens_the_counts_are_those_of_who_is_there() -> None:
    rng = random.Random(7)
    places = Places(most=20, most_of_address=8)
    here: set[Hashable] = set()
    for number in range(5000):
        act = rng.choice(("enter", "enter", "busy", "idle", "seated", "leave"))
        if act == "enter":
            leaving = places.enter(number, f"192.0.2.{rng.randrange(4)}")
            here.add(number)
            here.discard(leaving)
            assert len(here) <= 20
        else:
            getattr(places, act)(rng.choice(list(here) or [0]))
            here = set(places._address)
        plain = [places._address[c] for c in here - places._seated]
        assert places._of_address == {address: plain.count(address) for address in set(plain)}
        assert max(places._of_address.values(), default=0) <= 8
        assert places._waiting.keys() <= here - places._seated
