"""A slow link moves its peer to a lower layer, and back once it has been calm."""

from __future__ import annotations

from consult.media.pacing.congestion import (
    BITS_PER_S,
    CALM_S,
    DRAIN_S,
    LAYERS,
    LOSS,
    MAX_CALM_S,
    QUEUE_S,
    STEP_S,
    CongestionController,
    PacingGate,
    Report,
    plausible,
)

GOOD, BAD = Report(0.0, 0.05), Report(LOSS, 0.05)


def calm(controller: CongestionController, since: float, until: float) -> float:
    """Good reports each second; the time at which the layer rose, or infinity."""
    before, now = controller.layer, since
    while now < until:
        now += 1.0
        controller.report(GOOD, now)
        if controller.layer != before:
            return now
    return float("inf")


def test_loss_lowers_by_one_tier_a_second_and_no_further_than_the_lowest() -> None:
    controller, seen = CongestionController(), []
    for tenth in range(40):
        controller.report(BAD, tenth / 10)
        seen.append(controller.layer)
    assert seen[0] == "half"
    assert seen[-1] == LAYERS[-1]
    assert seen.count("half") == STEP_S * 10


def test_a_little_loss_lowers_nothing() -> None:
    controller = CongestionController()
    controller.report(Report(LOSS * 0.9, None), 0.0)
    assert controller.layer == "full"


def test_a_growing_round_trip_is_a_queue_and_is_left_to_empty() -> None:
    controller = CongestionController()
    assert controller.report(Report(0.0, 0.040), 0.0) == 0.0
    longer = Report(0.0, 0.040 + QUEUE_S + 0.1)
    controller.report(longer, 0.2)
    controller.report(Report(0.0, 0.040), 0.4)
    controller.report(longer, 0.6)
    before = controller.layer
    silent = controller.report(longer, 1.0)
    assert [before, controller.layer] == ["full", "half"]
    assert abs(silent - (QUEUE_S + 0.1)) < 1e-9
    assert controller.report(Report(0.0, 9.0), 3.0) == DRAIN_S


def test_a_falling_estimate_goes_to_the_tier_that_fits_and_a_low_one_means_nothing() -> None:
    controller = CongestionController()
    for bits_per_s in (3000, 300_000, 3_000_000):
        controller.estimate(bits_per_s, 1.0)
    assert controller.layer == "full"
    falling = CongestionController()
    falling.estimate(4_000_000, 1.0)
    assert falling.estimate(2_000_000, 2.0) > 0
    seen = [falling.layer]
    falling.estimate(BITS_PER_S["half"] // 2, 4.0)
    seen.append(falling.layer)
    assert seen == ["half", "low"]


def test_calm_raises_by_one_tier_and_longer_calm_is_wanted_where_that_went_wrong() -> None:
    controller = CongestionController()
    controller.report(BAD, 0.0)
    risen = calm(controller, 0.0, 60)
    assert CALM_S <= risen <= CALM_S + 1
    assert controller.layer == "full"
    controller.report(BAD, risen + 1.5)
    again = calm(controller, risen + 1.5, 300)
    assert 2 * CALM_S <= again - risen - 1.5 <= 2 * CALM_S + 1
    assert MAX_CALM_S > 2 * CALM_S


def test_the_gate_is_open_but_for_a_while() -> None:
    gate = PacingGate()
    gate.sent(1, 0.0)
    assert gate.has_capacity(0.0)
    assert gate.capacity_at(0.0) is None
    gate.hold(2.0)
    gate.hold(1.0)
    assert not gate.has_capacity(1.9)
    assert gate.capacity_at(1.9) == 2.0
    assert gate.has_capacity(2.0)
    assert gate.capacity_at(2.0) is None
    assert gate.dead_at() is None


def test_a_wall_clock_that_is_set_between_two_readings_makes_no_round_trip() -> None:
    """Taken for one, a step back makes the least round trip 0 for ever, a step on lets nothing be sent again."""
    assert [plausible(seconds) for seconds in (-3600.0, -0.1, 3600.0)] == [None, None, None]
    assert plausible(0.05) == 0.05
