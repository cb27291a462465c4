"""A launch link is what was signed, not too old, and names a user and one study."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

import pytest

from consult.http.sign_in.launch_link import AHEAD_S, LAUNCH_S, Launch, launch_path, read_launch
from consult.model.errors import Refused

SECRET = "s" * 32
NOW = 1_000_000


def signed(query: str, at: int = NOW, secret: str = SECRET) -> str:
    """As docs/guide.md signs it, with nothing of ours."""
    proof = hmac.new(secret.encode(), f"{at}.{query}".encode(), hashlib.sha256).hexdigest()
    return f"{query}&signature=t={at},v1={proof}"


def test_it_says_what_was_signed() -> None:
    query = urlencode({"user": "Anna.Berg", "AccessionNumber": "A 1/2&3", "PatientID": "ü", "nonce": "n"})
    found = read_launch(signed(query), SECRET, NOW + LAUNCH_S)
    proof = signed(query).rpartition("v1=")[2]
    assert found == Launch("anna.berg", "", "A 1/2&3", "ü", proof, NOW + LAUNCH_S + AHEAD_S)


def test_what_the_command_makes_is_read() -> None:
    path = launch_path(SECRET, NOW, user="anna", StudyInstanceUID="1.2.3", AccessionNumber="", nonce="x")
    assert path.startswith("/launch?user=anna&StudyInstanceUID=1.2.3&nonce=x&signature=t=1000000,v1=")
    assert read_launch(path.partition("?")[2], SECRET, NOW).study_uid == "1.2.3"


@pytest.mark.parametrize(
    ("query", "now", "code"),
    [
        ("", NOW, "wrong_launch"),
        ("user=a&StudyInstanceUID=1", NOW, "wrong_launch"),
        (signed("user=a&StudyInstanceUID=1", secret="o" * 32), NOW, "wrong_launch"),
        (signed("user=a&StudyInstanceUID=1").replace("user=a", "user=b"), NOW, "wrong_launch"),
        (signed("user=a&StudyInstanceUID=1").replace(f"t={NOW}", f"t={NOW + 1}"), NOW, "wrong_launch"),
        (signed("user=a&StudyInstanceUID=1")[:-1], NOW, "wrong_launch"),
        (signed("user=a&StudyInstanceUID=1") + "&user=b", NOW, "wrong_launch"),
        (signed("user=a&StudyInstanceUID=" + "1" * 3000), NOW, "wrong_launch"),
        (signed("user=a&StudyInstanceUID=1"), NOW + LAUNCH_S + 1, "launch_expired"),
        (signed("user=a&StudyInstanceUID=1"), NOW - AHEAD_S - 1, "launch_expired"),
        (signed("user=a"), NOW, "bad_launch"),
        (signed("user=a&StudyInstanceUID=1&AccessionNumber=2"), NOW, "bad_launch"),
        (signed("user=a&StudyInstanceUID="), NOW, "bad_launch"),
        (signed("StudyInstanceUID=1"), NOW, "bad_launch"),
        (signed("user=a&user=b&StudyInstanceUID=1"), NOW, "bad_launch"),
        (signed("user=a&AccesionNumber=1"), NOW, "bad_launch"),
        (signed("nonsense"), NOW, "bad_launch"),
        (signed("user=a b&StudyInstanceUID=1"), NOW, "bad_user_name"),
    ],
)
def test_what_is_wrong_late_or_not_as_it_should_be_is_refused(query: str, now: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_launch(query, SECRET, now)


def test_without_a_secret_none_is_taken() -> None:
    """Seen to fail: signed with the empty secret it passed."""
    with pytest.raises(Refused, match="takes no launch links"):
        read_launch(signed("user=a&StudyInstanceUID=1", secret=""), "", NOW)
