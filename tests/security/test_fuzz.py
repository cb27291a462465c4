"""Hostile input of one seed: nothing raises, nothing is logged as an error, everybody is still served.

50 times that, with other seeds: `.venv/bin/python -m tools.fuzz`.
"""

from __future__ import annotations

import logging

import pytest

from consult.sessions.features.table import REGISTRY
from tools.fuzz.courses import COURSES, SHARE
from tools.fuzz.messages import examples
from tools.fuzz.mutate import Mutator
from tools.fuzz.watch import watched

SEED = 1
MAX_MIB = 200


@pytest.mark.parametrize("part", COURSES)
async def test_hostile_input_does_no_harm(part: str) -> None:
    found = await COURSES[part](SEED, SHARE[part])
    assert found.problems == []
    assert found.inputs == SHARE[part]
    assert len(found.outcomes) > (part != "datagrams"), "some of it is taken, some refused"
    assert found.grown_mib < MAX_MIB


def test_every_message_that_a_page_may_send_is_turned() -> None:
    """Seen to fail: what ends a consult or removes somebody was left out."""
    kinds = {str(kind.__struct_config__.tag) for kind in REGISTRY.permissions}
    assert kinds - {message.get("type") for message in examples()} == set()


def test_a_seed_makes_the_same() -> None:
    good = b"some bytes that are good" * 4
    assert [Mutator(3).bytes_of(good) for _ in range(2)] == [Mutator(3).bytes_of(good)] * 2
    assert Mutator(3).bytes_of(good) != Mutator(4).bytes_of(good)


def test_an_error_in_the_log_is_found() -> None:
    with watched() as findings:
        logging.getLogger("consult.anything").error("wrong")
        try:
            raise ValueError("inner")
        except ValueError:
            logging.getLogger("consult.anything").warning("with a traceback", exc_info=True)
        logging.getLogger("consult.anything").warning("all right")
    assert len(findings.problems) == 2
