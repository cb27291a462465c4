"""What the settings say of signing in, or a sentence about what is wrong with them."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import ValidationError

from consult.access.keys import Keys
from consult.access.oidc.admission import Admission
from consult.access.oidc.client import Client
from consult.settings import Settings
from consult.sign_in_setup import admission_of, open_accounts, open_provider
from consult.store.accounts import SessionTimes
from consult.store.backend import FileBackend

OIDC = {"oidc_issuer": "https://login.example/realm", "oidc_client_id": "consult"}


async def test_a_provider_is_made_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    settings = Settings(
        **OIDC,  # type: ignore[arg-type]  # all are texts
        oidc_secret_file=tmp_path / "secret",
        oidc_allowed_emails="@Clinic.example, anna@x.example,",
        oidc_allowed_groups="radiology,Staff",
        oidc_groups_claim="roles",
        oidc_name="Clinic account",
    )
    async with AsyncExitStack() as stack:
        provider = open_provider(stack, settings)
        assert provider is not None
        assert provider.client == Client("https://login.example/realm", "consult", "s3cret", "Clinic account")
    emails = frozenset({"@clinic.example", "anna@x.example"})
    assert admission_of(settings) == Admission(emails, frozenset({"radiology", "Staff"}), "roles")


async def test_without_an_issuer_there_is_none(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        assert open_provider(stack, Settings()) is None
        settings = Settings(data=tmp_path, session_idle_min=30, session_max_h=8)
        accounts = open_accounts(stack, FileBackend(tmp_path), settings, Keys(b"k" * 32))
        assert accounts.times == SessionTimes(1800.0, 8 * 3600.0)


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ({"oidc_issuer": "http://login.example", "oidc_client_id": "c", "oidc_allowed_emails": "*"}, "https://"),
        ({"oidc_issuer": "https://login.example?x=1", "oidc_client_id": "c"}, "https://"),
        ({"oidc_issuer": "login.example", "oidc_client_id": "c", "oidc_allowed_emails": "*"}, "https://"),
        ({"oidc_issuer": "https://login.example", "oidc_allowed_emails": "*"}, "CONSULT_OIDC_CLIENT_ID"),
        (OIDC, "CONSULT_OIDC_ALLOWED_EMAILS"),
        ({"session_idle_min": 4}, "greater than or equal to 5"),
        ({"session_max_h": 721}, "less than or equal to 720"),
    ],
)
def test_what_is_half_set_up_is_refused(bad: dict[str, object], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        Settings(**bad)  # type: ignore[arg-type]  # wrong on purpose


def test_on_this_machine_a_provider_may_be_tried_without_tls() -> None:
    assert Settings(oidc_issuer="http://127.0.0.1:9400", oidc_client_id="c", oidc_allowed_emails="*").oidc_issuer


def test_a_launch_secret_comes_from_a_file_and_is_long(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("0123456789abcdef0123456789abcdef\n")
    assert Settings(launch_secret_file=path).launch_secret == "0123456789abcdef0123456789abcdef"
    assert Settings().launch_secret == ""
    path.write_text("too short")
    with pytest.raises(ValidationError, match="32 characters at least"):
        Settings(launch_secret_file=path)
