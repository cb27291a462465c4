"""Every text that a person sees goes through the catalogue, and every catalogue has it, with the same places."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.streaming.values.numbers import FORMULAS, FORMULAS_OF
from tests.support.page_texts import SPOKEN, Literal, scan, texts_of

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "web"
SCRIPTS = [path for path in sorted((WEB / "js").rglob("*.js")) if "vendor" not in path.parts]
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
LOCALES = sorted((WEB / "locales").glob("*.json"))
PLACE = re.compile(r"\{(\w+)\}")
BY_CATALOGUE = {"js/core/language.js", "js/core/format.js"}
"""Where texts are handed on, and come from elsewhere."""

FOR_MACHINES = re.compile(
    r"querySelector(All)?|matches|closest|find|addEventListener|classes|icon|warn|Error|getContext|includes|getAttribute|"
    r"setAttribute|set|startsWith|get|test|log"
)
"""Calls whose strings nobody reads."""
NOT_READ = re.compile(
    r"consult|WebSocket|[A-Z]\w+Error|Dr\. Host|NF[CD]|PRIOR|CURRENT|SAME DAY|RIGHT|LEFT|MIDLINE|BOTH|English|Deutsch|"
    r"GET|POST|PATCH|DELETE|HEAD|RGBA|UTC|NFKD|"
    r"[1-9]×[1-9]|(Arrow|Escape|Enter|Home|End|Tab|Page|Delete|Backspace|Dead|Process|Unidentified|Digit|Control|Files)\w*|"
    r"(Patient|Issuer|Temporal|Trigger|Nominal|Acquisition|Content|Diffusion|Echo|Inversion|MediaStream)\w+|"
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|Bq/ml|LUT ?|TE|SHA-\d+|X-\w+|Content-Type|Upload-Offset|Space|"
    r"PET|SUV(bw|max)?( 0–)?|SUL|"
    r"This browser draws no (pictures|marks)\.|A message of the server was not understood\.|"
    r"Whether voice comes through could not be tried\.|The offer of live media is not taken\.|"
    r"Structured report|PDF document|"
    r"the image is damaged: |not a PNG|not a still's PNG|no such filter|a picture of another length|cursor echo|"
    r"\(UTC.?|No prior study\.|Lossy source: |Incomplete: | images of series |Images deleted since: |Series|"
    r"chat draft |finding draft |note draft |unstored marks |signed out|too large|[a-z]+([A-Z][a-z]+)+| typ host"
)
"""Names of DICOM, of the platform and of keys; what is thrown at developers; keys of storage; kinds of an answer."""
CLASSES = re.compile(r"[a-z][\w-]*( [a-z][\w-]*)*")
READ = re.compile(r"[A-Z][a-z]|[A-Z]{3}|[a-z]{2},? [a-zA-Z]")
CODE = re.compile(r"^[#.]|\w[.#]\w|[\[{}<>=;/]|:\S|--|px\b|^rgb|^prefers-|^button, |^(button|off-pill|top|height) ")
MARKUP = re.compile(r"<[^>]*>")
READ_ATTRIBUTE = re.compile(r"""(?:aria-label|title|placeholder|alt)="[^"]*[A-Za-z]{2}""")


def name_of(path: Path) -> str:
    """A file of web/, as these tests call it."""
    return path.relative_to(WEB).as_posix()


def catalogue(path: Path) -> dict[str, dict[str, str | dict[str, str]]]:
    """What a file of web/locales holds."""
    found: dict[str, dict[str, str | dict[str, str]]] = json.loads(path.read_text())
    return found


def page_keys() -> dict[str, bool]:
    """Every text that pages ask for, and whether it is of what is counted."""
    keys = {key: counted for path in SCRIPTS for key, counted in texts_of(path.read_text())}
    return keys | {key: False for path in TEMPLATES for key in re.findall(r'\bt\("([^"]+)"\)', path.read_text())}


def forms(text: str | dict[str, str]) -> list[str]:
    """A text, or its forms of the plural."""
    return [text] if isinstance(text, str) else list(text.values())


def test_a_text_is_asked_for_by_its_words() -> None:
    """`t(name)` could not be found in a catalogue."""
    unknown = [
        f"{name_of(path)}:{spoken.line}"
        for path in SCRIPTS
        if name_of(path) not in BY_CATALOGUE
        for spoken in scan(path.read_text()).spoken
        if not spoken.texts
    ]
    assert unknown == []


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_every_text_of_the_pages_is_in_the_catalogue_and_no_other(path: Path) -> None:
    keys, page = page_keys(), catalogue(path)["page"]
    assert len(keys) > 500
    assert keys.keys() - page.keys() == set(), "not translated"
    assert page.keys() - keys.keys() == set(), "not used any more"
    assert {key for key, counted in keys.items() if counted != isinstance(page[key], dict)} == set(), "plural forms"


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_a_text_has_one_entry(path: Path) -> None:
    """Of two, a reader of JSON takes the last without a word."""
    repeated: list[str] = []

    def entries(pairs: list[tuple[str, object]]) -> dict[str, object]:
        repeated.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return dict(pairs)

    json.loads(path.read_text(), object_pairs_hook=entries)
    assert repeated == []


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_the_places_of_a_text_are_those_of_its_translation(path: Path) -> None:
    """A form for one may leave the number out."""
    texts = catalogue(path)
    wrong = {
        (key, text)
        for table in texts.values()
        for key, found in table.items()
        for text in forms(found)
        if set(PLACE.findall(text)) != set(PLACE.findall(key)) or not text.strip()
    }
    assert wrong == set()


def shown(source: str) -> Iterator[Literal]:
    """What a script shows past the catalogue, as far as its words tell."""
    for literal in scan(source).literals:
        if literal.argument in SPOKEN.get(literal.call, ()):
            continue
        in_markup = re.search(r"[A-Za-z]{2}", _text_of(literal.text)) or READ_ATTRIBUTE.search(literal.text)
        if in_markup if literal.tag == "html" else is_read(literal):
            yield literal


def _text_of(markup: str) -> str:
    """Without tags, nor the halves of those that an expression parts."""
    inside = markup.split(">", 1)[-1] if re.match(r"[^<]*>", markup) else markup
    whole = re.sub(r"<[^>]*$", "", MARKUP.sub(" ", inside))
    return "" if re.fullmatch(r"[\w.-]*=?", whole.strip()) or re.search(r"(^|\s)[@?.]?[\w-]+=$", whole) else whole


def is_read(literal: Literal) -> bool:
    """Whether a string looks like words for people."""
    text = literal.text
    if FOR_MACHINES.fullmatch(literal.call) or literal.before in ("===", "!==", "case", "from", "import"):
        return False
    if CLASSES.fullmatch(text) and not literal.tag and literal.before in (":", "?", ",", "(", "||", "[", "class"):
        return False
    return bool(READ.search(text)) and not NOT_READ.fullmatch(text) and not CODE.search(text)


def test_no_script_shows_words_past_the_catalogue() -> None:
    past = [f"{name_of(path)}:{found.line}: {found.text}" for path in SCRIPTS for found in shown(path.read_text())]
    assert past == []


def test_no_template_shows_words_past_the_catalogue() -> None:
    for path in TEMPLATES:
        text = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(), flags=re.S)
        assert not READ_ATTRIBUTE.search(text), path.name
        assert set(re.findall(r"[A-Za-z]{2,}", MARKUP.sub(" ", text))) <= {"consult", "doctype"}, path.name


SENTENCES = (
    "access",
    "sessions", "http", "streaming", "runtime", "library", "demo", "media", "volumes", "model", "dicom", "store",
    "documents", "notices", "rendering", "",
)  # fmt: skip
"""Packages whose sentences can come to a page; "": the modules beside them."""


def server_texts() -> set[str]:
    """Every string of the server, with its values as `{places}`."""
    return {
        text
        for package in SENTENCES
        for path in ((ROOT / "consult" / package).rglob("*.py") if package else (ROOT / "consult").glob("*.py"))
        for text in strings_of(ast.parse(path.read_text()))
    }


def strings_of(tree: ast.AST) -> Iterator[str]:
    """Strings and f-strings; of a value its last name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{(\w+):\w+\}", r"{\1}", node.value)
        elif isinstance(node, ast.JoinedStr):
            yield "".join(_part(value) for value in node.values)


def _part(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.FormattedValue)
    match node.value:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return f"{{{name}}}"
    return "{value}"


ROLES_AND_UNITS = re.compile(
    r"host|participant|viewer|study|series|file|case \{n\} of \{of\}|\{value\} differs?|confirmed by the host|"
    r"(at detector|calibrated( by \{name\})?)( \(\w+\))?|local report"
)
"""Words inside of what the server says."""
DOING = {"undo", "redo"}


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_every_sentence_that_is_translated_is_one_of_the_server(path: Path) -> None:
    texts = server_texts()
    texts |= {text.replace("{doing}", doing) for text in texts for doing in DOING}
    stale = {key for key in catalogue(path)["server"] if key not in texts and not ROLES_AND_UNITS.fullmatch(key)}
    assert stale == set()
    places = [PLACE.findall(key) for key in catalogue(path)["server"]]
    assert all(len(names) == len(set(names)) for names in places), "a pattern has each place once"


FOR_PROGRAMS = {
    "bad_camera", "bad_segmentation", "unknown_segmentation", "unknown_presentation_state",
    "bad_crosshair", "bad_fusion", "bad_plane", "bad_layout", "bad_mark", "bad_mask", "bad_point", "bad_window",
    "bad_palette",
    "image_missing", "image_out_of_range",
    "other_kind", "same_case", "same_invitation", "unknown_series", "unknown_still", "wrong_tab", "already_open",
    "no_token", "cross_origin", "nothing_to_show", "no_page", "closed", "not_open", "unknown_file", "too_large",
    "cannot_open", "unknown_form", "bad_screen", "malformed",
}  # fmt: skip
"""Codes of what no page asks for, or of what its button is not there for."""
TO_PEOPLE = (
    "sessions", "http/seat", "http/api", "http/security", "http/sign_in", "access", "runtime", "store/log",
    "store/accounts",
)  # fmt: skip


BY_COMMAND = ROOT / "consult/runtime/keeping/backup"
"""Asked for by the command line alone, which is English."""
SENTENCE_CALLS = {"Refused", "Malformed", "StoreFailed", "Conflict", "Closing", "Nack", "_ending"}
"""Calls whose last two values are a code and a sentence."""


def refusals(tree: ast.AST) -> Iterator[str]:
    """The sentences of refusals and closings that a page can meet, also where a constant has them."""
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    words = {node.id: assign.value for assign in assigned for node in assign.targets if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[*_, code, sentence]) if name in SENTENCE_CALLS:
                code, sentence = (words.get(x.id, x) if isinstance(x, ast.Name) else x for x in (code, sentence))
                is_for_programs = isinstance(code, ast.Constant) and code.value in FOR_PROGRAMS
                if not is_for_programs and isinstance(sentence, ast.Constant | ast.JoinedStr):
                    yield next(strings_of(sentence))


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_what_a_person_can_be_refused_is_translated(path: Path) -> None:
    server = catalogue(path)["server"]
    texts = {
        text
        for package in TO_PEOPLE
        for source in (ROOT / "consult" / package).rglob("*.py")
        if BY_COMMAND not in source.parents
        for text in refusals(ast.parse(source.read_text()))
    }
    assert len(texts) > 25
    missing = {text for text in texts if text not in server}
    assert {text for text in missing if not any(text.replace("{doing}", doing) in server for doing in DOING)} == set()


OF_NUMBERS = ("streaming/values/numbers.py", "rendering/marks/numbers.py", "dicom/checking/check.py")
"""Where it is said why a number is not confirmed, or is not there."""


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
@pytest.mark.parametrize("module", OF_NUMBERS)
def test_why_a_number_is_not_confirmed_is_translated(path: Path, module: str) -> None:
    """Seen to fail: without "The file says nothing of it."."""
    tree = ast.parse((ROOT / "consult" / module).read_text())
    documented = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    sentences = {text for text in strings_of(tree) if re.fullmatch(r"[A-Z].*\.", text)}
    sentences -= {text for node in documented for text in strings_of(node)}
    assert sentences
    assert sentences - catalogue(path)["server"].keys() == set()


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.stem)
def test_how_a_number_is_computed_is_translated(path: Path) -> None:
    """Seen to fail: without "twice the radius"."""
    assert {*FORMULAS.values(), *FORMULAS_OF.values()} - catalogue(path)["server"].keys() == set()


@pytest.mark.parametrize(
    ("source", "past"),
    [
        ('el("p", { text: "Draw here." });', True),
        ('const word = up ? "Lower hand" : "Raise";', True),
        ("html`<p>No messages yet.</p>`;", True),
        ('html`<div aria-label="Marks">${x}</div>`;', True),
        ("const text = `${name} writes to ${all}`;", True),
        ('el("p", { text: t("Draw here."), class: "quiet small" });', False),
        ('html`<div class=${kind}>${t("Marks")}</div>`;', False),
        ('if (role === "PRIOR") return "";', False),
    ],
)
def test_a_text_past_the_catalogue_is_found(source: str, past: bool) -> None:
    assert bool(list(shown(source))) == past
