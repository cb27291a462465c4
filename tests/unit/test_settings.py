"""Settings come from options, then the environment, then defaults; they are frozen."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from consult.settings import Settings, default_data


def test_the_environment_sets_what_is_not_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONSULT_PORT", "9000")
    monkeypatch.setenv("CONSULT_DATA", str(tmp_path))
    assert Settings().port == 9000
    assert Settings().data == tmp_path
    assert Settings(port=9001).port == 9001


def test_the_data_directory_follows_the_desktop_standard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data() == tmp_path / "consult"


@pytest.mark.parametrize(
    "bad",
    [
        {"port": 70000},
        {"workers": 0},
        {"log_level": "loud"},
        {"nonsense": 1},
        {"public_url": "h/consult"},
        {"public_url": "https://h/join"},
        {"public_url": "https://h/a#b"},
    ],
)
def test_what_is_out_of_range_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**bad)  # type: ignore[arg-type]  # wrong on purpose


def test_a_public_address_may_have_a_path() -> None:
    assert Settings(public_url="https://h/clinic/consult/").public_url == "https://h/clinic/consult"


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]  # frozen, on purpose


def test_a_bucket_is_reached_by_https(tmp_path: Path) -> None:
    """Patients' images go there."""
    for endpoint in ("http://s3.example", "s3.example", "ftp://s3.example"):
        with pytest.raises(ValidationError, match="do not travel unencrypted"):
            Settings(data=tmp_path, objects="s3://b", objects_endpoint=endpoint)
    for endpoint in ("", "https://s3.example:9000", "http://127.0.0.1:9000"):
        assert Settings(data=tmp_path, objects="s3://b/site/", objects_endpoint=endpoint).objects == "s3://b/site"
    for url in ("b", "https://b", "s3:///site", "s3://key:secret@b", "s3://b?x=1"):
        with pytest.raises(ValidationError, match="s3://BUCKET"):
            Settings(data=tmp_path, objects=url)
