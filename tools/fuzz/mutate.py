"""What makes a hostile input of a good one. The same seed makes the same."""

from __future__ import annotations

import copy
import json
import random
import string
from collections.abc import Sequence
from typing import Any

NUMBERS = (0, -1, 1, 2**31, 2**32, 2**53, 2**63, 2**64, -(2**63) - 1, 10**40, 0.5, -0.0, 1e308, 1e-320)
TEXTS = ("", " ", "\x00", "\ud800", "‮", "A" * 300, "é" * 90, "<script>", "../../x", "%s%n", "-1", "null", "\r\n")
WORDS = (b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x00\x00\x00\x01", b"99999999999999999999", b"-1", b"1e999")
MOST = 6
"""Changes of one input."""
MOST_TEXT = 1 << 20
"""Characters of a line: far beyond what any message may have."""


class Mutator:
    """One seed's course of changes."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def bytes_of(self, good: bytes) -> bytes:
        """Some bits turned, bytes put in, taken away, doubled or cut off."""
        data = bytearray(good)
        for _ in range(self.rng.randint(1, MOST)):
            self._change(data)
        return bytes(data)

    def text_of(self, good: str) -> str:
        """Lines, words and characters turned."""
        lines = good.splitlines(keepends=True) or [""]
        for _ in range(self.rng.randint(1, MOST)):
            i = self.rng.randrange(len(lines))
            match self.rng.randrange(6):
                case 0:
                    lines[i] = ""
                case 1:
                    lines[i] = (lines[i] * self.rng.randint(2, 40))[:MOST_TEXT]
                case 2:
                    lines[i] = lines[self.rng.randrange(len(lines))]
                case 3:
                    lines[i] = self._other_word(lines[i])
                case 4:
                    lines[i] = lines[i][: self.rng.randint(0, len(lines[i]))]
                case _:
                    at = self.rng.randint(0, len(lines[i]))
                    lines[i] = lines[i][:at] + self.rng.choice(TEXTS) + lines[i][at:]
        return "".join(lines)

    def json_of(self, examples: Sequence[Any]) -> str:
        """A message with some of its values turned; now and then no JSON any more."""
        message = copy.deepcopy(self.rng.choice(examples))
        for _ in range(self.rng.randint(0, MOST)):
            self._turn(message, examples)
        text = json.dumps(message, ensure_ascii=self.rng.random() < 0.5)
        if self.rng.random() < 0.2:
            return self.text_of(text)
        return text

    def _change(self, data: bytearray) -> None:
        size = max(1, len(data))
        at = self.rng.randrange(size)
        match self.rng.randrange(6):
            case 0 if data:
                data[at] ^= 1 << self.rng.randrange(8)
            case 1:
                word = self.rng.choice(WORDS)
                data[at : at + len(word)] = word
            case 2:
                data[at:at] = self.rng.choice(WORDS)
            case 3:
                del data[at : at + self.rng.randint(1, 16)]
            case 4:
                other = self.rng.randrange(size)
                data[at:at] = data[other : other + self.rng.randint(1, 64)]
            case _:
                if self.rng.random() < 0.3:
                    del data[at:]

    def _other_word(self, line: str) -> str:
        words = line.split(" ")
        words[self.rng.randrange(len(words))] = str(self.rng.choice((*NUMBERS, *TEXTS)))
        return " ".join(words)

    def _turn(self, message: Any, examples: Sequence[Any]) -> None:
        """One value somewhere in it."""
        holder = message
        for _ in range(self.rng.randrange(5)):
            inner = [value for value in _values(holder) if isinstance(value, dict | list) and value]
            if not inner:
                break
            holder = self.rng.choice(inner)
        if isinstance(holder, dict) and holder:
            key = self.rng.choice(list(holder))
            if self.rng.random() < 0.1:
                holder[self._name()] = holder.pop(key)
            else:
                holder[key] = self._other(holder[key], examples)
        elif isinstance(holder, list) and holder:
            holder[self.rng.randrange(len(holder))] = self._other(holder[0], examples)

    def _other(self, value: Any, examples: Sequence[Any]) -> Any:
        match self.rng.randrange(7):
            case 0:
                return self.rng.choice(NUMBERS)
            case 1:
                return self.rng.choice(TEXTS)
            case 2:
                return [value] * self.rng.choice((0, 2, 40))
            case 3:
                return self.rng.choice((None, True, False, {}, []))
            case 4:
                return copy.deepcopy(self.rng.choice(list(_values(self.rng.choice(examples)))))  # it may be turned too
            case 5 if isinstance(value, int | float) and not isinstance(value, bool):
                return value + self.rng.choice((-1, 1, 1000))
            case _:
                return value

    def _name(self) -> str:
        return "".join(self.rng.choices(string.ascii_lowercase, k=self.rng.randint(1, 8)))


def _values(holder: Any) -> list[Any]:
    if isinstance(holder, dict):
        return list(holder.values())
    return list(holder) if isinstance(holder, list) else []
