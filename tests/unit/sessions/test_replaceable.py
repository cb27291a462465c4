"""Which messages replace each other while they wait to be sent."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.stamp import Stamp
from consult.sessions.features.marks.messages import Drafts, Measured, Reading
from consult.sessions.messages import Ack, ShownStamp
from consult.sessions.replaceable import replacement_key


def test_the_stamps_of_frames_are_all_sent_and_of_stills_the_newest() -> None:
    still = Stamp("still", 5, 1, 640, 480, ())
    assert replacement_key(ShownStamp(still)) == "stamp"
    assert replacement_key(ShownStamp(replace(still, stream="all-1280x720", rtp=0))) == ""


def test_drafts_replace_each_other_and_values_of_one_mark_too() -> None:
    one, other = Reading("m1", ((0, 0, 0),), 1), Reading("m2", ((0, 0, 0),), 1)
    assert replacement_key(Drafts(1, ())) == "drafts"
    assert replacement_key(Measured((one,))) != replacement_key(Measured((other,)))
    assert replacement_key(Measured((one, other))) == "", "many at once are all sent"
    assert replacement_key(Ack("tab-12345.1", 3)) == ""
