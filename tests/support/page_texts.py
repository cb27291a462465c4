"""The texts in the sources of the page: which go through the catalogue, and which should.

A scanner of JavaScript as it is written here: strings, templates, comments and regular expressions are told apart, and
of every string it is known as which argument of which call it stands.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

SPOKEN = {"t": (0,), "plural": (1, 2), "counted": (1, 2)}
"""What takes texts (web/js/core/language.js, format.js), and as which arguments."""
WORD = re.compile(r"[\w$]+")
REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
BEFORE_REGEX = "(,=:[!&|?{};"
ESCAPES = {"n": "\n", "t": "\t", "0": "\0"}


@dataclass
class Literal:
    """A string, or a part of a template between its expressions.

    Attributes:
        text: what it holds.
        line: where it stands.
        call: the innermost function whose argument it is; "" outside of all.
        argument: which argument.
        before: what stands before it: a sign, or a word.
        tag: of a template ("html"); "`" where it has none; "" of a string.
    """

    text: str
    line: int
    call: str
    argument: int
    before: str
    tag: str = ""


@dataclass
class Spoken:
    """A call that takes texts. `texts` is empty where they are no literals."""

    call: str
    texts: list[str]
    line: int


@dataclass
class _Level:
    """An open bracket."""

    sign: str
    call: str
    line: int
    argument: int = 0
    arguments: dict[int, list[str]] = field(default_factory=dict)
    other: set[int] = field(default_factory=set)


@dataclass
class Scan:
    """What is found in one source."""

    literals: list[Literal] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)


@cache
def scan(source: str) -> Scan:
    """All literals, and all calls that take texts."""
    return _Scanner(source).run()


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.ends = [found.start() for found in re.finditer("\n", source)]
        self.found = Scan()
        self.levels = [_Level("", "", 0)]
        self.before = ""

    def run(self) -> Scan:
        while self.at < len(self.source):
            self.step()
        return self.found

    @property
    def line(self) -> int:
        return bisect(self.ends, self.at - 1) + 1

    def step(self) -> None:
        """One token."""
        source, at = self.source, self.at
        sign = source[at]
        if sign.isspace():
            self.at += 1
        elif source.startswith("//", at):
            self.at = (source + "\n").index("\n", at)
        elif source.startswith("/*", at):
            self.at = source.index("*/", at) + 2
        elif sign in "\"'":
            self.string(sign)
        elif sign == "`":
            self.template()
        elif sign == "/" and (self.before[-1:] in BEFORE_REGEX or self.before in ("return", "")):
            self.skip(REGEX)
        elif WORD.match(source, at):
            self.skip(WORD)
        else:
            self.at += 1
            self.sign(sign)

    def skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.source, self.at)
        assert found, f"line {self.line}"
        self.other(found[0])
        self.at = found.end()

    def other(self, word: str) -> None:
        """What is no literal makes the argument no text."""
        self.levels[-1].other.add(self.levels[-1].argument)
        self.before = word

    def sign(self, sign: str) -> None:
        if sign in "([{":
            self.other(self.before)
            call = self.before if sign == "(" and WORD.fullmatch(self.before) else ""
            self.levels.append(_Level(sign, call, self.line))
        elif sign in ")]}":
            self.close(self.levels.pop())
        elif sign == ",":
            self.levels[-1].argument += 1
        elif sign != "+":
            self.levels[-1].other.add(self.levels[-1].argument)
        self.before = self.before + sign if sign in "=!" and self.before[-1:] in "=!" else sign

    def close(self, level: _Level) -> None:
        if level.call not in SPOKEN:
            return
        texts: list[str] = []
        for argument in SPOKEN[level.call]:
            if argument in level.other:
                texts = []
                break
            texts += ["".join(level.arguments[argument])] if argument in level.arguments else []
        self.found.spoken.append(Spoken(level.call, texts, level.line))

    def literal(self, text: str, tag: str = "") -> None:
        level = self.levels[-1]
        self.found.literals.append(Literal(text, self.line, level.call, level.argument, self.before, tag))

    def string(self, quote: str) -> None:
        end = self.at + 1
        while self.source[end] != quote:
            end += 2 if self.source[end] == "\\" else 1
        text = unescaped(self.source[self.at + 1 : end])
        self.literal(text)
        self.levels[-1].arguments.setdefault(self.levels[-1].argument, []).append(text)
        self.at, self.before = end + 1, '"'

    def template(self) -> None:
        """A template with its expressions, which hold others."""
        tag = self.before if WORD.fullmatch(self.before) and self.source[self.at - 1].isalnum() else "`"
        self.other(self.before)
        self.at += 1
        start = self.at
        while self.source[self.at] != "`":
            if self.source[self.at] == "\\":
                self.at += 2
            elif self.source.startswith("${", self.at):
                self.literal(unescaped(self.source[start : self.at]), tag)
                self.expression()
                start = self.at
            else:
                self.at += 1
        self.literal(unescaped(self.source[start : self.at]), tag)
        self.at, self.before = self.at + 1, "`"

    def expression(self) -> None:
        """From `${` to behind its `}`."""
        self.at += 2
        depth = len(self.levels)
        self.levels.append(_Level("${", "", self.line))
        self.before = "{"
        while len(self.levels) > depth:
            self.step()


def unescaped(text: str) -> str:
    r"""`\u00a0` and `\n` as what they stand for."""
    return re.sub(
        r"\\(?:u([0-9a-fA-F]{4})|(.))",
        lambda found: chr(int(found[1], 16)) if found[1] else ESCAPES.get(found[2], found[2]),
        text,
        flags=re.S,
    )


def texts_of(source: str) -> Iterator[tuple[str, bool]]:
    """The keys that a source asks for, and whether each is of what is counted."""
    for spoken in scan(source).spoken:
        match spoken.call, spoken.texts:
            case "t", [text]:
                yield text, False
            case "plural", [_, many]:
                yield many, True
            case "counted", [one]:
                yield f"{{n}} {one}s", True
            case "counted", [_, many]:
                yield f"{{n}} {many}", True
