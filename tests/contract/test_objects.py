"""Where the files of studies lie: in a folder, or in a bucket. One suite for both; then what a bucket alone can do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from consult.library.object_store import ObjectStore
from consult.model.errors import DicomRefused, Refused, StoreFailed
from consult.store.bucket import OBJECTS_NAME, Bucket, bucket_of, join_bucket
from tests.support.ct import write_series
from tests.support.s3_server import S3Server
from tests.support.server import serving

CONTENT = b"content" * 1000
HASH = hashlib.sha256(CONTENT).hexdigest()
LIMIT = 10_000


@pytest.fixture(params=["folder", "s3"])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], ObjectStore]:
    """Opens the same files as often as it is called, as several nodes do; there are none."""
    if request.param == "folder":
        return lambda: ObjectStore(tmp_path / "data")
    s3: S3Server = request.getfixturevalue("s3_of_session")
    url, nodes = f"{s3.new_bucket()}/site", iter(range(9))
    return lambda: ObjectStore(tmp_path / "data", s3.bucket(url), tmp_path / f"node-{next(nodes)}")


def a_file(folder: Path) -> Path:
    path = folder / "source"
    path.write_bytes(CONTENT)
    path.chmod(0o600)
    return path


def partial(store: ObjectStore, folder: Path) -> Path:
    path = store.new_partial_file()
    with a_file(folder).open("rb") as source:
        assert store.write(source, path, limit=LIMIT) == HASH
    return path


@pytest.mark.parametrize("how", ["copy", "link", "adopt"])
def test_what_one_node_has_stored_another_fetches(opening: Callable[[], ObjectStore], tmp_path: Path, how: str) -> None:
    store, other = opening(), opening()
    assert not other.has(HASH)
    for _ in range(2):  # stored again it does no harm
        if how == "copy":
            store.copy(a_file(tmp_path), HASH, limit=LIMIT)
        elif how == "link":
            store.link(a_file(tmp_path), HASH, limit=LIMIT)
        else:
            store.adopt(partial(store, tmp_path), HASH)
        store.sync_folders()
    assert store.has(HASH)
    assert other.has(HASH)
    assert other.fetch(HASH).read_bytes() == CONTENT
    assert other.fetch(HASH).stat().st_mode & 0o077 == 0


def test_what_changed_meanwhile_is_not_stored(opening: Callable[[], ObjectStore], tmp_path: Path) -> None:
    store, other = opening(), "ab" * 32
    with pytest.raises(DicomRefused, match="changed"):
        store.copy(a_file(tmp_path), other, limit=LIMIT)
    assert not store.has(other)
    assert not store.has(HASH)


def test_what_is_removed_is_gone_but_while_somebody_holds_it(
    opening: Callable[[], ObjectStore], tmp_path: Path
) -> None:
    store = opening()
    store.copy(a_file(tmp_path), HASH, limit=LIMIT)
    store.fetch(HASH)
    store.hold(HASH)
    store.remove(HASH)
    assert store.has(HASH)
    store.let_go(HASH, wanted=False)
    assert not store.has(HASH)
    assert not store.fetch(HASH).exists()
    store.remove(HASH)  # done again it does no harm


def test_only_hashes_are_asked_for(opening: Callable[[], ObjectStore]) -> None:
    store = opening()
    for ask in (store.has, store.fetch, store.remove):
        with pytest.raises(Refused, match="unknown_file"):
            ask("../key")


# A bucket


def test_copies_of_a_bucket_go_a_while_after_their_last_use(s3_of_session: S3Server, tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, s3_of_session.bucket(s3_of_session.new_bucket()), tmp_path / "copies")
    store.copy(a_file(tmp_path), HASH, limit=LIMIT)
    path = store.fetch(HASH)
    assert store.drop_copies(older_than_s=60)
    assert path.exists()
    assert not store.drop_copies()
    assert not path.exists()
    assert store.fetch(HASH).read_bytes() == CONTENT


def test_what_a_bucket_gives_back_is_held_against_its_name(s3_of_session: S3Server, tmp_path: Path) -> None:
    """Seen to fail without the comparison: another's image would have been shown."""
    url = s3_of_session.new_bucket()
    store = ObjectStore(tmp_path, s3_of_session.bucket(url), tmp_path / "copies")
    store.copy(a_file(tmp_path), HASH, limit=LIMIT)
    (key,) = s3_of_session.objects(url)
    assert key == f"objects/{HASH[:2]}/{HASH}"
    s3_of_session.spoil(url, key)
    with pytest.raises(StoreFailed, match="is damaged"):
        store.fetch(HASH)
    assert not [path for path in (tmp_path / "copies").rglob("*") if path.is_file()]


def test_a_bucket_that_is_not_there_and_one_that_does_not_answer(s3_of_session: S3Server, tmp_path: Path) -> None:
    missing = s3_of_session.bucket("s3://nobody-made-it")
    file = a_file(tmp_path)
    for ask in (missing.check, missing.check_writing, lambda: missing.put(HASH, file)):
        with pytest.raises(StoreFailed, match=r"There is no bucket s3://nobody-made-it"):
            ask()
    gone = Bucket("s3://b", endpoint="http://127.0.0.1:9", region="us-east-1", key_id="a", secret="b")
    with pytest.raises(StoreFailed, match=r"cannot be read just now"):
        gone.check()
    store = ObjectStore(tmp_path, gone, tmp_path / "copies")
    for take in (lambda: store.has(HASH), lambda: store.copy(file, HASH, limit=LIMIT), lambda: store.fetch(HASH)):
        with pytest.raises(StoreFailed, match=r"just now\. Try again in a moment"):
            take()  # an import is refused so, and confirms nothing
    there = s3_of_session.bucket(s3_of_session.new_bucket())
    there.check()
    there.check_writing()


def test_a_data_directory_has_one_place_for_its_files(tmp_path: Path) -> None:
    join_bucket(tmp_path, "")
    join_bucket(tmp_path, "s3://one")
    join_bucket(tmp_path, "s3://one")
    assert bucket_of(tmp_path) == "s3://one"
    with pytest.raises(Refused, match=r"are in s3://one: name it with --objects, on every node"):
        join_bucket(tmp_path, "")
    with pytest.raises(Refused, match=r"are in s3://one, not in s3://two"):
        join_bucket(tmp_path, "s3://two")
    (tmp_path / OBJECTS_NAME).unlink()
    ObjectStore(tmp_path).copy(a_file(tmp_path), HASH, limit=LIMIT)
    with pytest.raises(Refused, match=r"copy that folder to s3://one/objects"):
        join_bucket(tmp_path, "s3://one")
    join_bucket(tmp_path, "")


def test_a_server_shows_and_deletes_what_is_in_a_bucket(s3_of_session: S3Server, tmp_path: Path) -> None:
    url = s3_of_session.new_bucket()
    options = [word for n, v in s3_of_session.settings(url).items() for word in (f"--{n.replace('_', '-')}", v)]
    write_series(tmp_path / "files", images=2, size=32)
    data = tmp_path / "data"
    data.mkdir()
    with serving(data, *options) as server:
        headers = {"Authorization": f"Bearer {server.token}"}
        for file in sorted((tmp_path / "files").iterdir()):
            taken = httpx.post(f"{server.address}/api/studies", content=file.read_bytes(), headers=headers)
            assert taken.status_code < 300, taken.text
        assert len(s3_of_session.objects(url)) == 2
        assert not (data / "objects").exists()
        (listed,) = httpx.get(f"{server.address}/api/studies", headers=headers).json()["studies"]
        shown = httpx.get(f"{server.address}/api/studies/{listed['key']}/thumbnail", headers=headers)
        assert (shown.status_code, shown.content[:4]) == (200, b"\x89PNG")
        assert httpx.get(f"{server.address}/readyz").status_code == 200
        gone = httpx.delete(f"{server.address}/api/studies/{listed['key']}", headers=headers)
        assert gone.status_code < 300, gone.text
        assert s3_of_session.objects(url) == {}
    assert not [path for path in data.rglob("objects/*/*") if path.is_file()]
