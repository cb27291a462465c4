"""How much a consult holds is said when it is reached: what, how many, and what to do."""

from __future__ import annotations

import pytest

from consult.model.errors import Refused
from consult.sessions.features.critical import decide as critical
from consult.sessions.features.findings import decide as findings
from consult.sessions.features.findings.commands import PutFinding, Wording
from consult.sessions.features.limits import MAX_CRITICALS, MAX_FINDINGS, MAX_KEY_VIEWS, MAX_SIGNED, MAX_VERSIONS
from consult.sessions.features.note import decide as note
from consult.sessions.messages import Nack
from tests.support.record import RecordTable


@pytest.fixture
def table() -> RecordTable:
    made = RecordTable()
    made.note_ready()
    return made


def refusal(answer: object) -> tuple[str, str]:
    """Code and sentence of a refusal."""
    assert isinstance(answer, Nack)
    return answer.code, answer.message


def test_findings(table: RecordTable, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_FINDINGS == 100
    monkeypatch.setattr(findings, "MAX_FINDINGS", len(table.state.findings))
    answer = table.act("ann", PutFinding, finding="more", base=0, wording=Wording("More"), marks=("m1",))
    assert refusal(answer) == (
        "too_many_findings",
        f"This consult holds {len(table.state.findings)} findings; delete some or begin a new consult.",
    )


def test_key_views(table: RecordTable, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_KEY_VIEWS == 6
    monkeypatch.setattr(findings, "MAX_KEY_VIEWS", 0)
    shown = table.core.shown
    assert shown is not None
    (finding,) = table.state.findings.values()
    wording, view = Wording(finding.title), shown.view
    answer = table.act(
        "host", PutFinding, finding=finding.id, base=finding.rev, wording=wording, marks=finding.marks, view=view
    )
    assert refusal(answer) == ("too_many_key_views", "This finding has 0 key views already; drop one first.")


@pytest.mark.parametrize(
    ("most", "sentence"),
    [
        ("MAX_VERSIONS", "This note has 0 versions already; open a new consult for more."),
        ("MAX_SIGNED", "This consult holds 0 signed versions; begin a new consult."),
    ],
)
def test_versions(table: RecordTable, monkeypatch: pytest.MonkeyPatch, most: str, sentence: str) -> None:
    assert (MAX_VERSIONS, MAX_SIGNED) == (20, 400)
    monkeypatch.setattr(note, most, 0)
    fields = table.signing()
    assert refusal(table.act("host", fields.pop("make"), **fields)) == ("too_many_versions", sentence)


def test_critical_results(table: RecordTable, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_CRITICALS == 50
    monkeypatch.setattr(critical, "MAX_CRITICALS", 0)
    with pytest.raises((Refused, AssertionError)) as refused:
        table.raised()
    assert "This consult holds 0 critical results; begin a new consult." in str(refused.value)
