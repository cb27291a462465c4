"""The schema and the page's types are as the structs are; the files in the repository are today's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consult.signaling.schema import declarations, json_schema
from tools import generate_wire


def interface(name: str) -> str:
    """The declaration of one type."""
    return declarations().split(f"export interface {name} {{")[1].split("}")[0]


def test_the_files_are_those_of_today() -> None:
    assert generate_wire.stale(generate_wire.generated()) == []


def test_a_difference_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate_wire, "ROOT", tmp_path)
    assert generate_wire.main(["--check"]) == 1
    assert "web/js/wire.d.ts differs" in capsys.readouterr().out
    assert generate_wire.main([]) == 0
    assert generate_wire.main(["--check"]) == 0
    (tmp_path / "docs/schema.json").write_text("{}")
    assert generate_wire.main(["--check"]) == 1


def test_a_field_may_be_left_out_only_where_a_page_may_leave_it_out() -> None:
    assert "rest?: boolean;" in interface("Show")
    assert "tab: string;" in interface("ShownView")
    assert "rtp?: number | null;" in interface("Stamp")
    assert "seat: string | null;" in interface("Control")


def test_types_are_typescripts() -> None:
    assert "layout: Layout;" in interface("View")
    assert "shows: Stack | Plane | Fusion;" in interface("Viewport")
    assert 'type: "stack";' in interface("Stack")
    assert "center: [number, number, number];" in interface("Camera")
    assert "viewports: Array<Viewport>;" in interface("View")
    assert "ready: Array<[number, number]>;" in interface("Loading")
    assert 'type: "hello";' in interface("Hello")
    assert "snapshot: Snapshot | null;" in interface("Welcome")


def test_the_schema_holds_every_message_and_its_limits() -> None:
    schema = json.loads(json_schema())
    definitions = schema["$defs"]
    members = definitions["ClientMessage"]["anyOf"] + definitions["ServerMessage"]["anyOf"]
    assert all(member["$ref"].removeprefix("#/$defs/") in definitions for member in members)
    assert definitions["Rename"]["additionalProperties"] is False
    assert definitions["Rename"]["properties"]["name"]["maxLength"] == 80
    assert set(definitions["Show"]["required"]) == {"type", "control", "case", "n", "view"}


def test_descriptions_in_the_schema_do_not_depend_on_how_a_docstring_is_indented() -> None:
    definitions = json.loads(json_schema())["$defs"]
    assert "\nAttributes:\n    attribute: DICOM keyword" in definitions["Axis"]["description"]
