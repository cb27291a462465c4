"""Which studies of a case are priors. The page's words are in web/js/core/study-label.js; tests/study-labels.json holds
both."""

from __future__ import annotations

from collections.abc import Sequence

from consult.model.catalogue import Study


def is_prior(study: Study, studies: Sequence[Study]) -> bool:
    """Whether it is of an earlier day than the newest of its case: studies of one day are not priors of each other."""
    return bool(study.date) and study.date < max(other.date for other in studies)
