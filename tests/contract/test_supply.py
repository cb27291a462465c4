"""docs/licences.md and docs/sbom.cdx.json are of what a release is made and tested with: `make audit` writes them."""

from __future__ import annotations

import json

import pytest
from packaging.requirements import Requirement

from tools import generate_parts
from tools.generate_parts import LICENCES, PARTS, asked_for, bill_of, differences, main, needed, table_of


def test_the_lists_have_what_is_needed_and_nothing_else() -> None:
    """Seen to fail: trame, with all that it brings, was asked for by the tests and in neither."""
    assert differences() == []


def test_what_is_needed_is_all_that_each_package_brings_on_this_machine() -> None:
    found = needed([Requirement("uvicorn"), Requirement("moto[s3]>=5.2"), Requirement("colorama; os_name == 'nt'")])
    assert {"uvicorn", "h11", "moto", "boto3", "botocore", "py-partiql-parser"} <= found
    assert not {"colorama", "docker", "uvloop"} & found, "another system, another extra"


def test_what_is_missing_or_too_much_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = asked_for()
    monkeypatch.setattr(generate_parts, "asked_for", lambda: [one for one in asked if one.name != "trame-rca"])
    assert main(["--check"]) == 1
    assert "docs/licences.md has trame-rca, which nothing needs\n" in capsys.readouterr().out
    monkeypatch.setattr(generate_parts, "asked_for", lambda: [*asked, Requirement("no-such-package")])
    assert main(["--check"]) == 1
    assert "no-such-package is not installed here" in capsys.readouterr().out


def test_of_what_is_installed_only_what_is_needed_is_written_with_its_licence() -> None:
    names = {"uvicorn", "pip", "packaging"}
    rows = table_of(LICENCES.read_text(), names).splitlines()[2:]
    assert [[cell.strip() != "" for cell in row.split("|")[1:4]] for row in rows] == [[True] * 3] * len(names)
    bill = bill_of(json.loads(PARTS.read_text()), names)
    assert {one["name"] for one in bill["components"]} == names
    assert all(ref.split("==")[0] in names for one in bill["dependencies"] for ref in one.get("dependsOn", ()))
