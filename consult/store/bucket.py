"""The files of studies in a bucket of S3, or of what speaks its protocol. obstore stops here.

Rules of this file:
- A file has the name of its content (SHA-256), under objects/aa/ as in a data directory, so that any tool can copy from
  one to the other. What comes back is held against its name: a bucket's bytes are not believed.
- What `put` has returned for, the bucket has confirmed. Putting the same twice does no harm, so it is tried again.
- All methods block: call them on threads.
"""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from consult.disk import whole_file, write_whole
from consult.model.errors import Refused, StoreFailed

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

CONNECT, QUIET, PATIENCE = timedelta(seconds=3), timedelta(seconds=20), timedelta(seconds=20)
"""Until a connection stands; without a byte; until no more is tried again."""
TRIES = 4
CHUNK = 1 << 20
OBJECTS_NAME = "objects-in"
"""File of a data directory whose studies' files are in a bucket: its address."""


def bucket_of(data: Path) -> str:
    """The bucket that the files of a data directory are in; "" where they are in it. Raises Refused."""
    try:
        return (data / OBJECTS_NAME).read_text().strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise Refused("bad_folder", f"The file {data / OBJECTS_NAME} cannot be read.") from None


def join_bucket(data: Path, url: str) -> None:
    """That data directory and that bucket belong together, from now on at the latest.

    Args:
        url: of the bucket; "": none.

    Raises:
        Refused: "bucket_missing", "bucket_other", "objects_elsewhere".
        StoreFailed.
    """
    ours = bucket_of(data)
    if ours and not url:
        raise Refused("bucket_missing", f"The files of {data} are in {ours}: name it with --objects, on every node.")
    if ours and ours != url:
        raise Refused("bucket_other", f"The files of {data} are in {ours}, not in {url}: name that one with --objects.")
    if url and not ours:
        if next((data / "objects").glob("*/*"), None) is not None:
            raise Refused(
                "objects_elsewhere",
                f"The files of {data} are in {data / 'objects'}: while no server runs, copy that folder to "
                f"{url}/objects with a tool of S3, look that all is there, and move the folder away.",
            )
        write_whole(data / OBJECTS_NAME, f"{url}\n".encode())


class Bucket:
    """One bucket.

    Args:
        url: s3://BUCKET or s3://BUCKET/FOLDER.
        endpoint: where its protocol is spoken, where that is not Amazon's; "": what AWS_ENDPOINT_URL says, if it does.
        region: "": what AWS_REGION says.
        key_id, secret: of who may read and write it; "": what the environment, a role or the machine itself has.
    """

    def __init__(self, url: str, *, endpoint: str = "", region: str = "", key_id: str = "", secret: str = "") -> None:
        self.url = url
        config = {
            name: value
            for name, value in (
                ("endpoint", endpoint), ("region", region), ("access_key_id", key_id), ("secret_access_key", secret),
            )
            if value
        }  # fmt: skip
        self._config, self._allow_http = config, urlsplit(endpoint).scheme == "http"
        self._opened: S3Store | None = None

    def check(self) -> None:
        """It is there, and lets us read. Raises StoreFailed."""
        import obstore

        with self._answering("read"):
            try:
                next(iter(obstore.list(self._store(), "objects", chunk_size=1)), None)
            except FileNotFoundError as error:
                raise self._failed(error, "read") from error

    def check_writing(self) -> None:
        """It lets us write, read and remove. Raises StoreFailed."""
        content = secrets.token_bytes(16)
        file = hashlib.sha256(content).hexdigest()
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "trial"
            source.write_bytes(content)
            self.put(file, source)
            self.fetch(file, source.with_name("back"))
            self.remove(file)

    def has(self, file: str) -> bool:
        """It is there. Raises StoreFailed."""
        import obstore

        with self._answering("read"):
            try:
                obstore.head(self._store(), _name(file))
            except FileNotFoundError:
                return False
        return True

    def put(self, file: str, source: Path) -> None:
        """Keep the content of a file under that name. Raises StoreFailed; OSError: the file cannot be read."""
        import obstore

        with source.open("rb") as content, self._answering("written"):
            try:
                obstore.put(self._store(), _name(file), content)
            except FileNotFoundError as error:
                raise self._failed(error, "written") from error

    def fetch(self, file: str, target: Path) -> None:
        """Write its content to a new file, whole or not at all.

        Raises:
            FileNotFoundError: it is not there.
            StoreFailed: "bucket_failed"; "damaged": what is there is not what its name says.
        """
        import obstore

        digest = hashlib.sha256()
        with self._answering("read"):
            found = obstore.get(self._store(), _name(file))
            with whole_file(target, lasting=False) as written:
                for piece in found.stream(min_chunk_size=CHUNK):
                    digest.update(piece)
                    written.write(piece)
                if digest.hexdigest() != file:
                    raise StoreFailed("damaged", f"A file of {self.url} is damaged: its content is not what it was.")

    def remove(self, file: str) -> None:
        """It is there no more. Raises StoreFailed."""
        import obstore

        with self._answering("written"), suppress(FileNotFoundError):
            obstore.delete(self._store(), _name(file))

    def _store(self) -> S3Store:
        """Opened once it is needed: who imports nothing and shows nothing asks no bucket."""
        if self._opened is None:
            from obstore.store import S3Store

            with self._answering("opened"):
                self._opened = S3Store.from_url(
                    self.url,
                    config=cast("S3Config", self._config),
                    client_options={
                        "allow_http": self._allow_http, "connect_timeout": CONNECT, "read_timeout": QUIET,
                        "timeout": timedelta(minutes=10),
                    },
                    retry_config={"max_retries": TRIES, "retry_timeout": PATIENCE},
                )  # fmt: skip
        return self._opened

    @contextmanager
    def _answering(self, done: str) -> Iterator[None]:
        """What the library says of a failure becomes StoreFailed; that a file is not there stays FileNotFoundError."""
        from obstore.exceptions import BaseError

        try:
            yield
        except BaseError as error:
            raise self._failed(error, done) from error

    def _failed(self, error: Exception, done: str) -> StoreFailed:
        from obstore.exceptions import NotFoundError, PermissionDeniedError, UnauthenticatedError

        if isinstance(error, NotFoundError | FileNotFoundError) or "NoSuchBucket" in str(error):
            return StoreFailed("no_bucket", f"There is no bucket {self.url}: make it, or name the right one.")
        if isinstance(error, PermissionDeniedError | UnauthenticatedError):
            sentence = f"The bucket {self.url} does not let this server in: look at its key and the bucket's policy."
            return StoreFailed("bucket_refuses", sentence)
        return StoreFailed("bucket_failed", f"The bucket {self.url} cannot be {done} just now. Try again in a moment.")


def _name(file: str) -> str:
    if len(file) != 64 or not set(file) <= set("0123456789abcdef"):
        raise Refused("unknown_file", "There is no such file here.")
    return f"objects/{file[:2]}/{file}"
