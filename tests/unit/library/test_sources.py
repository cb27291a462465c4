"""What somebody asks to take in: folders, links, zips and their names."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from consult.library import sources
from consult.library.sources import Source, Unreadable, find_sources, is_litter, is_zip, members, open_zip, printable
from consult.model.errors import DicomRefused


def test_folders_are_walked_in_order_without_litter(tmp_path: Path) -> None:
    root = tmp_path / "disc"
    for name in ("b/2", "b/1", "a", ".DS_Store", "b/._1"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    assert [s.name for s in find_sources([root])] == ["disc/a", "disc/b/1", "disc/b/2"]


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file").write_bytes(b"x")
    root = tmp_path / "disc"
    root.mkdir()
    (root / "folder").symlink_to(tmp_path / "secret")
    (root / "file").symlink_to(tmp_path / "secret" / "file")
    os.mkfifo(root / "fifo")
    (root / "round").symlink_to(root)
    (found,) = find_sources([root])
    assert isinstance(found, Unreadable)
    assert "links in it are not followed" in found.error.sentence


def test_a_folder_without_files_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.dcm" / "inner").mkdir(parents=True)
    (found,) = find_sources([tmp_path / "a.dcm"])
    assert isinstance(found, Unreadable)
    assert (found.name, found.error.code) == (str(tmp_path / "a.dcm"), "no_file")
    assert "holds no files" in found.error.sentence


def test_a_path_that_is_not_there_or_a_link_to_itself_is_reported(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to(tmp_path / "self")
    for name, words in (("nowhere", "no such file or folder"), ("self", "leads nowhere")):
        (found,) = find_sources([tmp_path / name])
        assert isinstance(found, Unreadable)
        assert found.error.code == "no_file"
        assert words in found.error.sentence


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    path = tmp_path / "a.dcm"
    path.write_bytes(b"x")
    assert list(find_sources([path])) == [Source("a.dcm", path)]


def a_zip(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


def test_a_zip_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    assert is_zip(a_zip(tmp_path / "a", "b"))
    both = tmp_path / "both"
    both.write_bytes(b"PK\x03\x04".ljust(128, b"\0") + b"DICM")
    assert not is_zip(both)


def test_members_are_reported_by_archive_and_name(tmp_path: Path) -> None:
    with open_zip(a_zip(tmp_path / "a.zip", "../../etc/x", "folder/", "__MACOSX/y", "b\x1b[2J")) as archive:
        assert [m.name for m in members(archive, "a.zip")] == ["a.zip:../../etc/x", "a.zip:b?[2J"]


def plain(content: bytes, at: int) -> bytes:
    """A zip as it is; its end record begins there."""
    return content


def with_a_signature_in_its_end_record(content: bytes, at: int) -> bytes:
    """Whoever looks for the last signature finds another end record, of a directory of no bytes."""
    return content[: at + 4] + b"PK\x05\x06" + content[at + 8 : at + 16] + bytes(4) + content[at + 20 :]


def with_two_end_records(content: bytes, at: int) -> bytes:
    """One of zip64 that is right, and a former one that names one entry."""
    count, size, offset = struct.unpack_from("<HLL", content, at + 10)
    right = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return content[:at] + right + locator + content[at : at + 12] + struct.pack("<L", 46) + content[at + 16 :]


@pytest.mark.parametrize("hide", [plain, with_a_signature_in_its_end_record, with_two_end_records])
def test_too_many_entries_are_counted_before_an_object_is_made_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hide: Callable[[bytes, int], bytes]
) -> None:
    path = a_zip(tmp_path / "a.zip", *map(str, range(3000)))
    content = path.read_bytes()
    path.write_bytes(hide(content, len(content) - 22))
    with open_zip(path) as archive:
        assert len(archive.infolist()) == 3000, "zipfile goes by it"
    monkeypatch.setattr(sources, "MAX_FILES", 2999)
    monkeypatch.setattr(zipfile, "ZipInfo", None)
    with pytest.raises(DicomRefused) as refused:
        open_zip(path)
    assert refused.value.code == "too_many"


def test_a_directory_that_is_too_large_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_DIRECTORY_BYTES", 100)
    with pytest.raises(DicomRefused) as refused:
        open_zip(a_zip(tmp_path / "a.zip", "1", "2", "3"))
    assert refused.value.code == "too_many"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_cannot_be_unpacked_piece_by_piece_is_not_unpacked(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a", b"x")
    with open_zip(tmp_path / "a.zip") as archive, pytest.raises(DicomRefused) as refused:
        members(archive, "a.zip")[0].open()
    assert refused.value.code == "bad_zip"


def test_what_is_no_zip_behind_its_first_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    with pytest.raises(DicomRefused) as refused:
        open_zip(path)
    assert refused.value.code == "bad_zip"


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    with open_zip(a_zip(tmp_path / "a.zip", "1")) as archive:
        (member,) = members(archive, "a.zip")
        member.info.flag_bits |= 1
        with pytest.raises(DicomRefused) as refused:
            member.open()
    assert refused.value.code == "encrypted"


def test_names_are_made_printable() -> None:
    assert printable("a\nb\x1b[31m\udcff") == "a?b?[31m?"
    assert printable("\u202egnp.exe") == "?gnp.exe"
    assert printable("می\u200cرود.dcm") == "می\u200cرود.dcm"
    assert is_litter("x/._a")
    assert not is_litter("x/a")
