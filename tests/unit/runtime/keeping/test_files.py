"""A consult as one file: the same bytes each time, the same consult elsewhere; nothing of a file that is not whole."""

from __future__ import annotations

import hashlib
import json
import random
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from consult.app import open_services
from consult.model.errors import ConsultError
from consult.model.identifiers import ConsultId
from consult.runtime.keeping import archive
from consult.runtime.keeping.archive import (
    DATE,
    LOG,
    MANIFEST,
    NOTES,
    ArchiveReader,
    ArchiveWriter,
    Missing,
    is_archive,
)
from consult.sessions.features.note.signing import is_whole, versions_of
from consult.sessions.state import State
from consult.sessions.upcast import write_entry
from tests.support.cases import CONSULT
from tests.support.kept import SENTENCE, KeptTable, log_of, make_data, put_consult, settings_of

HERE = ConsultId(CONSULT)


def write(
    path: Path, lines: list[bytes], consult: str = CONSULT, more: dict[str, bytes] | None = None, of: str = ""
) -> Path:
    """A file of these lines; `of`: what all pictures show, instead of each something else."""
    path.unlink(missing_ok=True)
    writer = ArchiveWriter(path, ConsultId(consult))
    writer.put_log(lines)
    writer.put(NOTES, b"{}")
    for name, content in (more or {}).items():
        writer.put(name, content, of or name)
    writer.finish()
    return path


def lines_of(table: KeptTable) -> list[bytes]:
    return [write_entry(entry) for entry in table.entries]


def rewritten(path: Path, change: Any, *, compress: int = zipfile.ZIP_STORED) -> Path:
    """Another file of the same members, changed; headers and manifest are as this kind has them."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members = change(members) or members
    other = path.with_name("other.zip")
    with zipfile.ZipFile(other, "w", compress) as new:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, DATE)
            info.create_system, info.external_attr, info.compress_type = 3, 0o600 << 16, compress
            new.writestr(info, content)
    return other


def remade(members: dict[str, bytes]) -> dict[str, bytes]:
    """With a manifest that is right."""
    manifest = json.loads(members[MANIFEST])
    for member in manifest["members"]:
        content = members[member["name"]]
        member |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    manifest["entries"] = members[LOG].count(b"\n")
    return {**members, MANIFEST: json.dumps(manifest).encode()}


def record(state: State) -> Any:
    """What a reader of a consult reads."""
    names = ("marks", "key_images", "chat", "findings", "numbers", "notes", "signed", "criticals", "seen", "seats")
    return {name: getattr(state, name) for name in names}


async def test_the_same_consult_is_the_same_bytes_and_reads_the_same_elsewhere(tmp_path: Path) -> None:
    """Seen to fail: with the time of writing in the file; with links that still open the copy."""
    async with open_services(settings_of(tmp_path / "a"), keep_deadlines=False) as services:
        await put_consult(services, tmp_path / "files", critical=True, ended=False)
        first = await services.keeping.export(HERE, tmp_path / "one.zip")
        again = await services.keeping.export(HERE, tmp_path / "two.zip")
        before, _ = await services.registry.read(HERE)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (first.images, first.missing, first.sha256) == (2, 0, again.sha256), "a key image, and a key view"
    assert is_archive(tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as plain:
        assert plain.namelist() == [LOG, NOTES, "images/0001.png", "images/0002.png", MANIFEST]
        assert {member.date_time for member in plain.infolist()} == {DATE}, "two of one second could be alike by chance"
        assert SENTENCE in plain.read(NOTES).decode()
    async with open_services(settings_of(tmp_path / "b"), keep_deadlines=False) as services:
        stored = await services.keeping.import_file(tmp_path / "one.zip")
        after, _ = await services.registry.read(HERE)
        assert await log_of(services).deadlines() == [], "the clock runs where it came from"
        assert record(after) == record(before)
        assert is_whole(versions_of(after, "c1"))
        assert (after.ended, [i.revoked for i in after.invitations.values()]) == (True, [True] * 3)
        assert all(study.deleted for study in after.cases[0].studies), "its images are not here, and the page says so"
        assert (stored.missing_studies, stored.open_criticals, stored.images) == (1, 1, 2)
        once_more = await services.keeping.export(HERE, tmp_path / "three.zip")
        assert (once_more.images, once_more.missing) == (2, 0), "the pictures travel on, though the study is not here"
    async with open_services(settings_of(tmp_path / "b"), keep_deadlines=False) as services:
        assert record((await services.registry.read(HERE))[0]) == record(before)


async def test_with_its_study_an_imported_consult_shows_its_images(tmp_path: Path) -> None:
    """Seen to fail: every study of an import was said to be deleted."""
    await make_data(tmp_path / "a", tmp_path / "files")
    async with open_services(settings_of(tmp_path / "a"), keep_deadlines=False) as services:
        await services.keeping.export(HERE, tmp_path / "one.zip")
    async with open_services(settings_of(tmp_path / "b"), keep_deadlines=False) as services:
        await services.library.import_paths([tmp_path / "files"], lambda progress: None)
        stored = await services.keeping.import_file(tmp_path / "one.zip")
        state, _ = await services.registry.read(HERE)
        assert stored.missing_studies == 0
        assert not any(series.deleted for series in state.cases[0].series)


@pytest.fixture
async def exported(tmp_path: Path) -> Path:
    """A file of a consult without pictures."""
    async with open_services(settings_of(tmp_path / "a"), keep_deadlines=False) as services:
        table = await put_consult(services, tmp_path / "files")
    return write(tmp_path / "one.zip", lines_of(table))


def half(path: Path, other: Path) -> None:
    """A file that was cut off."""
    content = path.read_bytes()
    other.write_bytes(content[: len(content) // 2])


async def refusal(path: Path, data: Path) -> ConsultError:
    """Why it is not imported; nothing is left behind."""
    async with open_services(settings_of(data), keep_deadlines=False) as services:
        with pytest.raises(ConsultError) as caught:
            await services.keeping.import_file(path)
        assert await services.registry.consults() == []
    assert not [found for found in (data / "imported").rglob("*") if found.is_file()]
    assert not list((data / "imported").glob("*")), "nothing is left behind"
    assert caught.value.sentence.endswith(".")
    return caught.value


async def test_each_bad_file_is_refused_by_a_sentence_and_leaves_nothing(exported: Path, tmp_path: Path) -> None:
    """Seen to fail: each, with the check that it names taken out."""
    data = tmp_path / "b"

    async def code(change: Any, compress: int = zipfile.ZIP_STORED) -> str:
        return (await refusal(rewritten(exported, change, compress=compress), data)).code

    def without_log(members: dict[str, bytes]) -> None:
        del members[LOG]

    def more(members: dict[str, bytes]) -> None:
        members["../../evil"] = b"x"

    def newer(members: dict[str, bytes]) -> None:
        members[MANIFEST] = members[MANIFEST].replace(b'"version": 1', b'"version": 2')

    def of_another(members: dict[str, bytes]) -> None:
        members[MANIFEST] = members[MANIFEST].replace(CONSULT.encode(), b"another")

    def out_of_order(members: dict[str, bytes]) -> dict[str, bytes]:
        lines = members[LOG].splitlines(keepends=True)
        return remade({**members, LOG: b"".join([lines[0], *lines[2:]])})

    def not_json(members: dict[str, bytes]) -> dict[str, bytes]:
        return remade({**members, LOG: members[LOG].replace(b'"seq":3', b'"seq":three')})

    def of_a_newer_release(members: dict[str, bytes]) -> dict[str, bytes]:
        return remade({**members, LOG: members[LOG].replace(b'"v":2', b'"v":99')})

    def other_words(members: dict[str, bytes]) -> dict[str, bytes]:
        unchecked = re.sub(rb',"sum":"[0-9a-f]{8}"', b"", members[LOG])  # as an entry of an older release
        head, mid, tail = unchecked.partition(b'"type":"note_signed"')
        return remade({**members, LOG: head + mid + tail.replace(SENTENCE.encode(), b"Nothing was found.")})

    assert await code(without_log) == "member_missing"
    assert await code(more) == "unknown_member"
    assert await code(newer) == "newer_file"
    assert await code(of_another) == "bad_log"
    assert await code(out_of_order) == "bad_log"
    assert await code(not_json) == "bad_log"
    assert await code(of_a_newer_release) == "newer_file"
    assert await code(other_words) == "bad_signature"
    assert await code(lambda members: None, zipfile.ZIP_DEFLATED) == "compressed"
    bomb = write(tmp_path / "bomb.zip", [b" " * 5_000_000])
    squeezed = rewritten(bomb, lambda members: None, compress=zipfile.ZIP_DEFLATED)
    assert (await refusal(squeezed, data)).code == "compressed", "a bomb is not unpacked at all"
    (tmp_path / "none.zip").write_bytes(b"no zip at all")
    assert (await refusal(tmp_path / "none.zip", data)).code == "not_a_consult"
    half(exported, tmp_path / "half.zip")
    assert (await refusal(tmp_path / "half.zip", data)).code == "not_a_consult"
    assert (await refusal(tmp_path / "nowhere.zip", data)).code == "cannot_read"


async def test_what_is_here_already_stays_as_it_is(exported: Path, tmp_path: Path) -> None:
    """Seen to fail: the second import was appended to the first."""
    async with open_services(settings_of(tmp_path / "b"), keep_deadlines=False) as services:
        await services.keeping.import_file(exported)
        before = await log_of(services).lines(HERE)
        with pytest.raises(ConsultError, match="consult_exists"):
            await services.keeping.import_file(exported)
        assert await log_of(services).lines(HERE) == before


def test_no_byte_of_a_file_can_be_another(tmp_path: Path) -> None:
    """Seen to fail: a date in a header was changed, and nobody saw it."""
    path = write(tmp_path / "one.zip", [b"{}"] * 3, more={"images/0001.png": b"x" * 30})
    whole = path.read_bytes()
    with ArchiveReader(path) as reader:
        digest = reader.digest
    chosen = random.Random(7)
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << chosen.randrange(8)
        path.write_bytes(changed)
        with pytest.raises(ConsultError):
            ArchiveReader(path)
    path.write_bytes(whole)
    with ArchiveReader(path) as reader:
        assert reader.digest == digest


def test_a_file_that_lies_about_sizes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail: with each of the two limits taken out."""
    path = write(tmp_path / "one.zip", [b"{}"])
    monkeypatch.setattr(archive, "MAX_BYTES", 100)
    with pytest.raises(ConsultError, match="too_large"):
        ArchiveReader(path)
    monkeypatch.undo()
    with zipfile.ZipFile(path, "a") as more:
        for number in range(archive.MAX_IMAGES + 1):
            more.writestr(f"images/{number}.png", b"")
    with pytest.raises(ConsultError, match="too_large"):
        ArchiveReader(path)


def test_the_manifest_says_which_pictures_are_missing(tmp_path: Path) -> None:
    """Seen to fail: nothing was said of them."""
    writer = ArchiveWriter(tmp_path / "one.zip", HERE)
    writer.put_log([b"{}"])
    writer.put(NOTES, b"{}")
    writer.miss("k1", "This image is still being loaded.")
    writer.finish()
    with ArchiveReader(tmp_path / "one.zip") as reader:
        assert reader.manifest.missing == (Missing("k1", "This image is still being loaded."),)
