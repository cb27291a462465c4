"""The parser of the command line: what it does not understand it answers by a sentence, with the nearest it knows."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """As argparse's; its subparsers are of this kind too."""

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]  # overloads
        """What is left over is an error of the subcommand that it was written for, not of the program."""
        found, extra = super().parse_known_args(args, namespace)
        if extra and not self._subparsers:
            self.error(self._unknown(extra[0]))
        return found, extra

    def error(self, message: str) -> NoReturn:
        """A sentence, the way to all options, status 2."""
        unknown = message.startswith("argument COMMAND: invalid choice: ")
        sentence = self._unknown_command(message.split("'")[1]) if unknown else message[0].upper() + message[1:]
        end = "" if sentence.endswith("?") else "."
        print(f"{self.prog}: {sentence.rstrip('.')}{end} See `{self.prog} --help`.", file=sys.stderr)
        sys.exit(2)

    def _unknown(self, word: str) -> str:
        if not word.startswith("-"):
            return f"Nothing is expected where {word!r} stands"
        return f"There is no option {word.split('=')[0]}{_nearest(word, self._option_string_actions)}"

    def _unknown_command(self, word: str) -> str:
        names = [name for action in self._actions if isinstance(action.choices, dict) for name in action.choices]
        return f"There is no command {word!r}{_nearest(word, names)}"


def _nearest(word: str, known: Sequence[str] | dict[str, Any]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; do you mean {near[0]}?" if near else ""
