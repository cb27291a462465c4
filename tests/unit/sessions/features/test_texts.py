"""What people write cannot rearrange a page."""

from __future__ import annotations

from consult.sessions.features.texts import clean_line, clean_lines


def test_a_line_has_no_control_and_no_direction_characters() -> None:
    assert clean_line("a\u202eb\x00c\u2028d\n  e", 20) == "ab c d e"
    assert clean_line("\u200b \n", 20) == ""
    assert clean_line("x" * 30, 20) == "x" * 20


def test_lines_stay_lines() -> None:
    assert clean_lines("one\r\n\n two \u202e\nthree", 40) == "one\ntwo\nthree"
    assert clean_lines("a\nb", 2) == "a", "cut, and no break is left at the end"


def test_a_cut_leaves_no_joiner_at_the_end() -> None:
    assert clean_line("می\u200cرود", 3) == "می"
    assert clean_lines("می\u200cرود\nمی\u200cرود", 30) == "می\u200cرود\nمی\u200cرود"
    assert clean_lines("می\u200cرود", 3) == "می"


def test_limits_count_characters() -> None:
    assert clean_line("👍" * 30, 20) == "👍" * 20
