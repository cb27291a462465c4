"""A file of settings: what it may hold, and what a mistake in it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.config_file import check_variables, read_config
from consult.model.errors import Refused


def written(folder: Path, text: str) -> Path:
    """A file of that text."""
    path = folder / "consult.toml"
    path.write_text(text)
    return path


def test_what_stands_in_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, 'public_url = "https://h"\nport = 9000\nbehind_tls_proxy = true\n')
    assert read_config(path) == {"public_url": "https://h", "port": 9000, "behind_tls_proxy": True}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prot = 9", "there is no setting 'prot'; do you mean port."),
        ("udp-port = 9", "there is no setting 'udp-port'; do you mean udp_port."),
        ("[server]\nport = 9", "there is no setting 'server'"),
        ("zzzzzz = 9", "there is no setting 'zzzzzz'; docs/settings.md lists all."),
        ("port = = 9", "it is not TOML"),
        ("port: 9", "it is not TOML"),
        ("# " + "x" * (1 << 20), "more than 1 MiB"),
    ],
)
def test_a_mistake_is_named_with_its_file(text: str, sentence: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(Refused) as refused:
        read_config(path)
    assert refused.value.code == "bad_config"
    assert str(path) in refused.value.sentence
    assert sentence in refused.value.sentence


def test_a_file_that_is_not_there_or_no_text_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"No such file or directory\. Name another with --config"):
        read_config(tmp_path / "none.toml")
    with pytest.raises(Refused, match="cannot be read: Is a directory"):
        read_config(tmp_path)
    (tmp_path / "latin").write_bytes(b'host = "\xe4"')
    with pytest.raises(Refused, match="not text in UTF-8"):
        read_config(tmp_path / "latin")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("CONSULT_PROT", "CONSULT_PORT"), ("consult_udp_prot", "CONSULT_UDP_PORT"), ("CONSULT_CONFIGS", "CONSULT_CONFIG")],
)
def test_a_mistyped_variable_is_refused_by_the_nearest(wrong: str, right: str) -> None:
    with pytest.raises(Refused, match=rf"{wrong.upper()}, which is no setting; do you mean {right}\?"):
        check_variables(["PATH", wrong])


def test_variables_of_others_are_left_alone() -> None:
    check_variables(["CONSULT_PORT", "CONSULT_CONFIG", "consult_data", "CONSULT_PORT_8000_TCP", "CONSULT_SERVICE_HOST"])
