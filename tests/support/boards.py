"""A board of three cases: a host, a moderator, two who take part, one who prepares, one who watches."""

from __future__ import annotations

from typing import Any

from consult.sessions.features.board.commands import BeginBoard, PrepareView, PutDecision, PutWords, SaveDecision
from tests.support.cases import Table, case
from tests.support.record import RecordTable, two_studies


class BoardTable(RecordTable):
    """Commands by number, answers by their code; the board has begun, unless it is only prepared."""

    def __init__(self, *, begun: bool = True) -> None:
        cases = (two_studies(), case("c2", ("s-9",), "OTHER^MAN"), case("c3", ("s-7",), "OTHER^MAN"))
        Table.__init__(self, cases, "board")
        self._numbers = {}
        self.measures = False
        for seat, role in (("host", "host"), ("mod", "moderator"), ("ann", "participant"), ("bob", "participant")):
            self.join(seat, role)  # type: ignore[arg-type]  # literals above
        self.join("pre", "preparer")
        self.join("eve", "viewer")
        if begun:
            self.done("mod", BeginBoard)

    def keep(self, who: str = "host", prepared: str = "v1", line: str = "Nodule", **more: Any) -> None:
        """The view that is shown, kept."""
        self.done(who, PrepareView, prepared=prepared, view=self.view, line=line, **more)

    def draft(self, who: str = "mod", text: str = "Surgery first.", *, shown: bool = True, **words: Any) -> int:
        """What is about to be decided; its revision."""
        before = self.state.decision_drafts.get(self.state.current)
        base = 0 if before is None else before.rev
        self.done(who, PutDecision, base=base, words=PutWords(text, **words), shown=shown)
        return base + 1

    def decide(self, who: str = "mod", text: str = "Surgery first.", **words: Any) -> None:
        """Shown and saved."""
        self.done(who, SaveDecision, base=self.draft(who, text, **words))
