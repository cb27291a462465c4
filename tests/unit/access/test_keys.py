"""Secrets are derived from one key file that only its owner reads."""

from __future__ import annotations

import stat
from pathlib import Path

from consult.access.keys import Keys, same_secret
from consult.model.identifiers import ConsultId, InvitationId, SeatId

C, LINK, S = ConsultId("c"), InvitationId("i"), SeatId("s")


def test_the_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = Keys.load(tmp_path)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert Keys.load(tmp_path).host_token() == first.host_token()
    assert [p.name for p in tmp_path.iterdir()] == ["key"]


def test_another_key_gives_other_secrets() -> None:
    one, two = Keys(b"1" * 32), Keys(b"2" * 32)
    assert one.invitation_secret(C, LINK) != two.invitation_secret(C, LINK)


def test_every_purpose_has_its_own_secret() -> None:
    keys = Keys(b"k" * 32)
    secrets = {
        keys.host_token(),
        keys.invitation_secret(C, LINK),
        keys.invitation_secret(C, InvitationId("j")),
        keys.invitation_secret(ConsultId("d"), LINK),
        keys.seat_secret(C, S),
        keys.seat_secret(C, SeatId("i")),
    }
    assert len(secrets) == 6
    assert all(len(secret) == 43 for secret in secrets)


def test_secrets_compare_whole() -> None:
    right = Keys(b"k" * 32).host_token()
    assert same_secret(right, right)
    assert not same_secret(right[:-1], right)
    assert not same_secret("", right)
    assert not same_secret("ü", right)
