"""All modules of a page in one file: a slow line asks once instead of level after level.

The modules stay as they are written, and are served beside; this only puts them behind each other, each in a scope of
its own, line for line, with a source map, when the server reads web/. It is no JavaScript parser: it knows the forms of
`import` and `export` that stand at the beginning of a line here, and refuses every other (`BundleRefused`), as it
refuses a name that nobody exports, and a circle. So what it makes does what the modules do: without circles, and
without an exported `let`, a binding is the value that it has when its module is through.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

IMPORT = re.compile(r"""^import\s*(?:(?P<names>[^"';]*?)\s*\bfrom\s*)?["'](?P<source>[^"']+)["'];?""", re.M)
EXPORT_LIST = re.compile(r"^export\s*\{(?P<names>[^}]*)\};?", re.M)
EXPORTED = re.compile(r"^export\s+(?=(?:async\s+)?(?:function\b\*?|class\b|const\b)\s*(?P<name>[\w$]+))", re.M)
COMMENT = re.compile(r"^[ \t]*/\*\*(?!.*@license)(?:(?!\*/)[\s\S])*?\*/[ \t]*$", re.M)
"""Of a whole line or several: a third of what travels. They can be read in the modules, where the map leads."""
LEFT_OVER = re.compile(r"^\s*(?:import|export)\b(?!\s*[(.=:]).*", re.M)
WORKER = re.compile(r"""new URL\(\s*["']([^"']+\.js)["'],\s*import\.meta\.url\s*\)""")
OWN_ADDRESS = "import.meta.url"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class BundleRefused(ValueError):
    """A module is written in a way that cannot be put together safely."""


@dataclass(frozen=True)
class Bundle:
    """The script, and its source map (version 3)."""

    code: str
    map: str


def resolve(importer: str, specifier: str) -> str:
    """`js/a/b.js` and `../c/d.js` to `js/c/d.js`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), specifier))


def order_of(sources: Mapping[str, str], entry: str) -> list[str]:
    """All modules of an entry in the order in which they run: what is imported before who imports it.

    Raises:
        BundleRefused: a circle, or a module that is not there.
    """
    done: dict[str, bool] = {}

    def visit(name: str, importer: str) -> None:
        if done.get(name):
            return
        if name in done or name not in sources:
            raise BundleRefused(f"{importer} imports {name}: {'a circle' if name in done else 'not there'}.")
        done[name] = False
        for found in IMPORT.finditer(sources[name]):
            visit(resolve(name, found["source"]), name)
        del done[name]  # entered again at its end: the order of the dict is that of running
        done[name] = True

    visit(entry, entry)
    return list(done)


def workers_of(sources: Mapping[str, str], entry: str) -> list[str]:
    """The modules that an entry starts as workers."""
    return [resolve(name, found) for name in order_of(sources, entry) for found in WORKER.findall(sources[name])]


def make_bundle(sources: Mapping[str, str], entry: str, up: str) -> Bundle:
    """One script of a module and all that it imports; it exports what the module does.

    Args:
        sources: modules by name.
        entry: which one.
        up: from the folder of the bundle to the one that names begin at, for the source map.

    Raises:
        BundleRefused.
    """
    names = order_of(sources, entry)
    numbers = {name: n for n, name in enumerate(names)}
    exports = {name: exported(sources[name]) for name in names}
    lines: list[str] = []
    places: list[tuple[int, int] | None] = []
    for n, name in enumerate(names):
        body = rewritten(name, sources[name], numbers, exports).split("\n")
        returned = ", ".join(a if a == b else f"{b}: {a}" for b, a in exports[name].items())
        lines += [f"const $m{n} = (() => {{", *body, f"return {{ {returned} }};", "})();"]
        places += [None, *((n, line) for line in range(len(body))), None, None]
    if exports[entry]:
        lines.append(f"export const {{ {', '.join(exports[entry])} }} = $m{numbers[entry]};")
    mapping = {"version": 3, "sources": [up + name for name in names], "names": [], "mappings": mappings(places)}
    file = PurePosixPath(entry).name
    return Bundle("\n".join([*lines, f"//# sourceMappingURL={file}.map", ""]), json.dumps(mapping))


def exported(source: str) -> dict[str, str]:
    """What a module exports: by what name, and what it is called inside."""
    found = {match["name"]: match["name"] for match in EXPORTED.finditer(source)}
    for match in EXPORT_LIST.finditer(source):
        found |= {outer: inner for inner, outer in pairs(match["names"])}
    return found


def pairs(names: str) -> Iterator[tuple[str, str]]:
    """`a, b as c` to (a, a), (b, c)."""
    for item in filter(None, (item.strip() for item in names.split(","))):
        first, _, second = (word.strip() for word in item.partition(" as "))
        yield first, second or first


def rewritten(name: str, source: str, numbers: Mapping[str, int], exports: Mapping[str, Mapping[str, str]]) -> str:
    """A module's text as the body of a function, line for line."""

    def import_of(match: re.Match[str]) -> str:
        target = resolve(name, match["source"])
        text = bound(match["names"] or "", f"$m{numbers[target]}", target, exports[target])
        return text + "\n" * match[0].count("\n")

    text = IMPORT.sub(import_of, COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source))
    text = EXPORT_LIST.sub(lambda match: "\n" * match[0].count("\n"), EXPORTED.sub("", text))
    if left := LEFT_OVER.search(text):
        raise BundleRefused(f"{name}: {left[0].strip()!r} is a form that is not known here.")
    if OWN_ADDRESS not in text:
        return text
    return text.replace(OWN_ADDRESS, f'new URL("{relative_to(name, numbers)}", {OWN_ADDRESS}).href')


def relative_to(name: str, numbers: Mapping[str, int]) -> str:
    """From the bundle, which has the name of its entry, to a module."""
    entry = PurePosixPath(max(numbers, key=lambda key: numbers[key]))
    return "../" * (len(entry.parts) - 1) + name


def bound(names: str, module: str, target: str, exports: Mapping[str, str]) -> str:
    """The names of an import statement as constants."""
    if not names:
        return ""
    if names.startswith("*"):
        return f"const {names.removeprefix('*').strip().removeprefix('as ').strip()} = {module};"
    if not names.startswith("{"):
        raise BundleRefused(f"A default import of {target}.")
    wanted = list(pairs(names.strip("{}")))
    if missing := [outer for outer, _ in wanted if outer not in exports]:
        raise BundleRefused(f"{target} does not export {', '.join(missing)}.")
    return "const { " + ", ".join(a if a == b else f"{a}: {b}" for a, b in wanted) + f" }} = {module};"


def mappings(places: list[tuple[int, int] | None]) -> str:
    """Each line's beginning to the same line of its module, as base64 VLQ; None: a line of nobody."""
    lines, before = [], (0, 0)
    for place in places:
        if place is None:
            lines.append("")
            continue
        lines.append("A" + vlq(place[0] - before[0]) + vlq(place[1] - before[1]) + "A")
        before = place
    return ";".join(lines)


@cache
def vlq(value: int) -> str:
    """A signed number in base64 digits, the least first."""
    rest, digits = (-value << 1) | 1 if value < 0 else value << 1, ""
    while True:
        rest, digit = rest >> 5, rest & 31
        digits += BASE64[digit | 32 if rest else digit]
        if not rest:
            return digits
