"""Write web/js/wire.d.ts and docs/schema.json from the messages' structs; --check only looks for differences."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from consult.signaling.schema import declarations, json_schema

ROOT = Path(__file__).resolve().parent.parent


def generated() -> dict[Path, str]:
    """Each generated file and what belongs into it."""
    return {ROOT / "web/js/wire.d.ts": declarations(), ROOT / "docs/schema.json": json_schema()}


def stale(files: dict[Path, str]) -> list[Path]:
    """The files whose content is another one, or that are missing."""
    return [path for path, text in files.items() if not path.is_file() or path.read_text() != text]


def main(argv: list[str] | None = None) -> int:
    """Write the files, or with --check say which differ (exit 1)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a difference")
    options = parser.parse_args(argv)
    files = generated()
    differing = stale(files)
    for path in differing:
        if options.check:
            print(f"{path.relative_to(ROOT)} differs from the structs: run python tools/generate_wire.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path])
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if differing and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
