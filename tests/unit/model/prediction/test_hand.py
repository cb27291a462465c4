"""What is expected of a hand, and what that is worth to hands that were composed (tests/support/hands.py)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.prediction.hand import MOST, Hand
from consult.sessions.views import initial_view
from tests.support.hands import KINDS, Line, at, outcome_of, place_of, stack_case, windowed

CASE = stack_case()
VIEW = at(initial_view(CASE), 80)


def shown(*places: int, gap_s: float = 0.1) -> Hand:
    """A hand that has shown these, one behind the other."""
    hand = Hand()
    for i, place in enumerate(places):
        hand.show(at(VIEW, place), CASE, i * gap_s)
    return hand


def expected(hand: Hand) -> list[int]:
    """The places that are expected."""
    return [place_of(view) for view in hand.expected()]


def test_both_neighbours_where_nothing_has_moved() -> None:
    assert expected(shown(80)) == [81, 79]
    assert expected(shown(80, 20)) == [0, 80], "a jump: as far again, or back"
    assert expected(shown(159)) == [158]


def test_ahead_in_the_direction_of_the_hand_the_farther_the_faster() -> None:
    slow, fast = shown(*range(60, 100), gap_s=0.5), shown(*range(60, 100), gap_s=0.03)
    assert expected(slow) == [100, 101, 98]
    assert expected(fast) == [*range(100, 100 + MOST), 98]


def test_who_turns_is_expected_to_go_back_and_nowhere_else() -> None:
    ahead = expected(shown(80, 81, 82, 83, 84, 83))
    assert ahead[0] == 82
    assert 85 not in ahead


def test_short_runs_are_followed_less_far() -> None:
    weaving = [80, *[80 + (1 if i % 4 < 2 else -1) * (i % 2 + 1) for i in range(40)]]
    assert len(expected(shown(*weaving))) <= 3


def test_windows_are_expected_once_their_steps_are_equal() -> None:
    hand = shown(80)
    view = VIEW
    steps = [(0, 2), (0, 3), (0, 1), (0, 4)]
    for i, step in enumerate(steps):
        view = windowed(*step)(view)
        hand.show(view, CASE, 1 + i / 60)
    assert hand.expected() == ()
    for i in range(8):
        view = windowed(0, 3)(view)
        hand.show(view, CASE, 2 + i / 60)
    assert hand.expected()[0] == windowed(0, 3)(view)


def test_the_next_prepared_view_comes_last_and_the_one_behind_what_was_opened() -> None:
    prepared = [at(VIEW, 10), at(VIEW, 50), at(VIEW, 120)]
    hand = shown(80)
    assert [place_of(v) for v in hand.expected(prepared)] == [81, 79, 10]
    hand.show(prepared[1], CASE, 1.0)
    assert hand.expected(prepared)[-1] == prepared[2]


def test_another_case_is_another_hand() -> None:
    hand = shown(80, 81, 82)
    hand.show(at(VIEW, 5), replace(CASE, id="c2"), 3.0)
    assert expected(hand) == [6, 4]


@pytest.mark.parametrize(("kind", "hits"), [("scroll", 0.95), ("back and forth", 0.95), ("a reading", 0.45)])
def test_composed_hands_find_their_pictures_in_the_page(kind: str, hits: float) -> None:
    """The half that nothing was tuned on. A reading has window drags in it, which nothing predicts."""
    predicted, without = outcome_of(kind, 1, Line()), outcome_of(kind, 1, Line(), predicted=False)
    assert predicted.hit_rate >= hits
    assert predicted.wasted <= 0.3 or kind == "back and forth"
    assert sum(predicted.waits_s) <= sum(without.waits_s)


def test_what_cannot_be_predicted_costs_little() -> None:
    outcome = outcome_of("window drag", 1, Line())
    assert outcome.wasted < 0.1
    assert set(KINDS) == {"scroll", "back and forth", "window drag", "jumps", "a reading"}
