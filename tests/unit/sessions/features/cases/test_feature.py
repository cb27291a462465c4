"""Cases: right patient, always."""

from __future__ import annotations

import pytest

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.decide import decide
from consult.sessions.features.cases.events import CaseSwitched
from tests.support.cases import START
from tests.support.decisions import ANN, EVE, HOST, after, consult, refusal, rename, switch


class TestCases:
    """Right patient, always."""

    def test_a_switch_counts_the_epoch_up(self) -> None:
        assert decide(consult(), HOST, switch("c2"), START) == [CaseSwitched(2, "c2")]

    def test_to_the_case_on_the_stage_is_nothing(self) -> None:
        assert decide(consult(), HOST, switch("c1"), START) == []

    def test_to_an_unknown_case_is_refused(self) -> None:
        assert refusal(consult(), HOST, switch("c7")) == "unknown_case"

    @pytest.mark.parametrize("epoch", [0, 2, 99])
    @pytest.mark.parametrize("actor", [HOST, ANN, EVE])
    def test_a_command_of_another_epoch_is_refused(self, actor: SeatId, epoch: int) -> None:
        assert refusal(consult(), actor, rename("x", epoch)) == "stale_case"

    def test_back_and_forth_does_not_bring_an_epoch_back(self) -> None:
        state = after(after(consult(), HOST, switch("c2")), HOST, switch("c1", 2))
        assert (state.case, state.current) == (3, "c1")
        assert refusal(state, HOST, rename("x", 1)) == "stale_case"

    def test_a_refusal_says_for_whom_it_was_made(self) -> None:
        state = after(consult(), HOST, switch("c2"))
        with pytest.raises(Refused) as refused:
            decide(state, HOST, rename("x", 1), START)
        assert refused.value.sentence == "This was made for DEMO, Anna. Another case is on the stage now."
        back = after(state, HOST, switch("c1", 2))
        with pytest.raises(Refused) as refused:
            decide(back, HOST, rename("x", 1), START)
        assert "DEMO" not in refused.value.sentence, "whose case is on the stage again"
