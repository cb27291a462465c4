"""Who lives, by beats that this node has seen, and by no clock of anybody else."""

from __future__ import annotations

from msgspec.structs import replace

from consult.cluster.peers import BEAT_S, DEAD_S, LAPSE_S, Peers
from consult.store.leases import Node, Seen

A, B, C = (Node(name, f"{name}1", f"http://{name}", "v1", 2) for name in "abc")


def beaten(peers: Peers, at: float, *nodes: Node) -> None:
    """A beat of this node was answered, at once."""
    peers.beaten(nodes, at, at)


def test_a_node_lives_while_its_beat_counts_up() -> None:
    peers, at = Peers("a1", 0.0), 0.0
    for beat in range(10):
        at += BEAT_S
        beaten(peers, at, A, replace(B, beat=beat))
    assert peers.dead("b1", at) is None
    assert [node.name for node in peers.living(at)] == ["a", "b"]


def test_one_that_stands_still_is_dead_and_its_beat_is_named() -> None:
    peers = Peers("a1", 0.0)
    for step in range(6):
        beaten(peers, step * BEAT_S, A, replace(B, beat=7))
    assert peers.dead("b1", DEAD_S - 0.01) is None
    assert peers.dead("b1", DEAD_S) == Seen("b1", 7)
    assert [node.name for node in peers.living(DEAD_S)] == ["a"]
    assert peers.dead("a1", 100.0) is None, "nobody takes from themselves"


def test_who_slept_has_not_seen_the_others_stand_still() -> None:
    """Seen to fail: a node that was paused took what the others had as soon as it woke up."""
    peers = Peers("a1", 0.0)
    beaten(peers, 0.0, A, replace(B, beat=7))
    beaten(peers, 100.0, A, replace(B, beat=7))
    assert peers.dead("b1", 100.1) is None


def test_one_that_nobody_knows_any_more_is_dead() -> None:
    peers = Peers("a1", 0.0)
    beaten(peers, 1.0, A)
    assert peers.dead("b1", 1.0) == Seen("b1", -1)


def test_a_node_that_cannot_beat_lapses_where_there_are_others() -> None:
    peers = Peers("a1", 0.0)
    beaten(peers, 1.0, A, replace(B, beat=1))
    assert not peers.lapsed(1.0 + LAPSE_S - 0.01)
    assert peers.lapsed(1.0 + LAPSE_S)
    alone = Peers("a1", 0.0)
    beaten(alone, 1.0, A)
    assert not alone.lapsed(1000.0)


def test_it_lapses_though_the_others_were_dead_or_gone_when_it_was_cut_off() -> None:
    peers = Peers("a1", 0.0)
    beaten(peers, 1.0, A, replace(B, beat=1))
    beaten(peers, 5.0, A, replace(B, beat=1))
    assert peers.lapsed(5.0 + LAPSE_S), "one that was paused wakes up, and takes what this one has"
    beaten(peers, 9.0, A)
    assert peers.lapsed(9.0 + LAPSE_S), "one that was restarted comes back"


def test_a_command_that_comes_and_goes_is_no_other_node() -> None:
    peers = Peers("a1", 0.0)
    beaten(peers, 1.0, A, replace(B, address=""))
    assert not peers.lapsed(1000.0)


def test_what_nobody_has_goes_to_who_has_the_least_to_do() -> None:
    peers = Peers("a1", 0.0)
    beaten(peers, 0.0, replace(A, load=5), replace(B, load=3), replace(C, load=9))
    assert peers.choose(0.0, load=5) == replace(B, load=3)
    assert peers.choose(0.0, load=3) is None
    assert peers.choose(0.0, form=3, load=5) is None, "an older one cannot read it"
    beaten(peers, 0.1, A, replace(B, load=3, leaving=True, beat=1), replace(C, load=1, address="", beat=1))
    assert peers.choose(0.1, load=5) is None, "one leaves, the other answers nobody"
    assert peers.other(0.1) is None


def test_many_that_begin_between_two_beats_do_not_all_go_to_one() -> None:
    """Seen to fail: of eight consults that were opened together seven were on one of two nodes."""
    peers, own = Peers("a1", 0.0), 0
    beaten(peers, 0.0, A, replace(B, load=0))
    for _ in range(8):
        node = peers.choose(0.0, load=own)
        if node is None:
            own += 1
        else:
            peers.gave(node.incarnation)
    assert own == 4
    beaten(peers, BEAT_S, A, replace(B, load=0, beat=1))
    assert peers.choose(BEAT_S, load=1) == replace(B, load=0, beat=1), "what it says itself is what counts then"
