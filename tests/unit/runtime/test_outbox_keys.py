"""What replaces what in an outbox."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.stamp import Stamp
from consult.runtime.outbox_keys import key_of
from consult.sessions.messages import Ack, Drafts, Measured, Reading, ShownStamp


def test_the_stamps_of_frames_are_all_sent_and_of_stills_the_newest() -> None:
    still = Stamp("still", 5, 1, 640, 480, ())
    assert key_of(ShownStamp(still)) == "stamp"
    assert key_of(ShownStamp(replace(still, stream="all-1280x720", rtp=0))) == ""


def test_drafts_replace_each_other_and_values_of_one_mark_too() -> None:
    one, other = Reading("m1", ((0, 0, 0),), 1), Reading("m2", ((0, 0, 0),), 1)
    assert key_of(Drafts(())) == "drafts"
    assert key_of(Measured((one,))) != key_of(Measured((other,)))
    assert key_of(Measured((one, other))) == "", "many at once are all sent"
    assert key_of(Ack("tab-12345.1", 3)) == ""
