"""What the tests of sessions share."""

from __future__ import annotations

import pytest

from tests.support.cases import Table


@pytest.fixture
def table() -> Table:
    """A host in control and a participant, both here."""
    made = Table()
    made.join("host", "host")
    made.join("ann")
    return made
