"""Minutes of a board: all that was decided and by whom, as data, as a page, and as FHIR R4B resources that hold."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from fhir.resources.R4B.bundle import Bundle

from consult.documents.collecting import Made
from consult.documents.minutes.collecting import minutes_of
from consult.documents.minutes.contents import Minutes
from consult.documents.minutes.fhir import fhir_bundle
from consult.documents.minutes.page import MinutesOrder, render_minutes
from consult.model.errors import Refused
from consult.sessions.features.board.commands import PutAttendee, PutDissent, PutPreparation, SaveDecision, SetBoard
from consult.sessions.features.cases.commands import SwitchCase
from tests.support.boards import BoardTable
from tests.support.cases import Table

WEB = Path(__file__).parents[4] / "web"


@pytest.fixture
def table() -> BoardTable:
    made = BoardTable()
    made.done("mod", SetBoard, specialties=("Surgery", "Oncology"))
    made.done("ann", PutAttendee, person="ann", name="ann", specialty="Surgery")
    made.done("pre", PutPreparation, of="c1", text="question", words="Surgery <first>?", base=0)
    rev = made.draft(stage="cT1c N1 M0", owner="Surgery", due="2026-12-01")
    made.done("ann", PutDissent, reason="Chemotherapy & surgery.")
    made.done("mod", SaveDecision, base=rev)
    made.now += 5
    made.done("mod", SwitchCase, to="c2")
    made.keep(prepared="v2", line="Liver")
    made.decide(text="The biopsy is not back.", outcome="deferral")
    return made


def minutes(table: BoardTable) -> Minutes:
    return minutes_of(table.state, Made(table.now + 3))


def test_each_case_has_its_decision_dissent_and_time(table: BoardTable) -> None:
    made = minutes(table)
    one, two, three = made.cases
    assert (one.seconds, two.seconds, three.seconds) == (5.0, 3.0, 0.0)
    assert [d.name for d in one.decided[0].dissents] == ["ann"]
    assert (one.is_put_off, two.is_put_off, two.views, three.decided) == (False, True, ("Liver",), ())
    assert [(a.name, a.specialty) for a in made.roll] == [("ann", "Surgery")]
    assert made.missing == ("Oncology",)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Minutes) == made


def test_a_consult_that_is_no_board_has_none() -> None:
    with pytest.raises(Refused, match="no_board"):
        minutes_of(Table().state, Made(1.0))


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_says_it_all_and_nothing_of_it_is_markup(table: BoardTable, language: str) -> None:
    page = render_minutes(MinutesOrder(str(WEB), msgspec.json.encode(minutes(table)), language))
    for words in ("Surgery &lt;first&gt;?", "Surgery first.", "Chemotherapy &amp; surgery.", "cT1c N1 M0", "Oncology"):
        assert words in page
    assert page.count('data-decision="') == 2
    assert ("Protokoll" in page) == (language == "de")


def test_the_bundle_holds_by_the_models_of_r4b(table: BoardTable) -> None:
    bundle = fhir_bundle(minutes(table))
    Bundle.model_validate(bundle)
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["Patient", "ClinicalImpression", "CarePlan", "Patient", "ClinicalImpression"]
    plan = bundle["entry"][2]["resource"]
    assert plan["activity"][0]["detail"]["scheduledPeriod"] == {"end": "2026-12-01"}
    assert plan["note"][0]["authorString"] == "ann"
    put_off = bundle["entry"][4]["resource"]
    assert (put_off["status"], put_off["summary"]) == ("in-progress", "The biopsy is not back.")
    references = {entry["fullUrl"] for entry in bundle["entry"]}
    assert plan["subject"]["reference"] in references
    assert fhir_bundle(minutes(table)) == bundle, "the same board has the same ids"
