"""One file in the body of a request: raw, or the first file of a form (RFC 7578). It goes to the disk as it comes."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from consult.disk import storing
from consult.library.sources import printable
from consult.model.errors import Malformed, Refused

MAX_BYTES = 16 << 30
CHUNK = 1 << 20
FORM = b"multipart/form-data"


async def posted_file(request: Request, path: Path, most: int = MAX_BYTES) -> str:
    """Write the file of a request, synced; its name, for people. `most`: bytes.

    Raises:
        Malformed: "malformed": a form that is none, or without a file; an empty body.
        Refused: "too_large".
        StoreFailed: "disk_full", "store_failed".
    """
    descriptor = await asyncio.to_thread(_create, path)
    form = _form_of(request)
    written, waiting = 0, bytearray()
    try:
        async for piece in request.stream():
            waiting += form.content(piece) if form else piece
            if written + len(waiting) > most:
                raise _too_large(most)
            if len(waiting) >= CHUNK:
                written += await asyncio.to_thread(_write, descriptor, bytes(waiting))
                waiting.clear()
        written += await asyncio.to_thread(_write, descriptor, bytes(waiting))
        await asyncio.to_thread(_sync, descriptor)
    finally:
        os.close(descriptor)
    if not written:
        raise Malformed("malformed", "There is no file in the request.")
    return printable(form.name if form else request.query_params.get("name", "")) or "the file"


def _too_large(most: int) -> Refused:
    if most < MAX_BYTES:
        return Refused("too_large", f"A picture has {most >> 20} MiB at most.")
    return Refused("too_large", f"A file has {most >> 30} GiB at most.")


@dataclass
class _Form:
    """The first file of a form, in pieces.

    Attributes:
        name: from the form.
        inside: the bytes that come are the file's.
        header, value: of the part that comes, as far as they have come.
        pieces: of the file, not fetched yet.
    """

    name: str = ""
    inside: bool = False
    header: bytes = b""
    value: bytes = b""
    pieces: list[bytes] = field(default_factory=list)

    def on_part_begin(self) -> None:
        """Of the parser, as are those below."""
        self.header = self.value = b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        """A piece of a header's name."""
        self.header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        """A piece of its value."""
        self.value += data[start:end]

    def on_header_end(self) -> None:
        """The first part with a file name is the file."""
        header, value = self.header.lower(), self.value
        self.header = self.value = b""
        if header == b"content-disposition" and not self.name:
            name = parse_options_header(value)[1].get(b"filename", b"")
            self.name = name.decode("utf-8", "replace")
            self.inside = bool(self.name)

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """A piece of a part."""
        if self.inside:
            self.pieces.append(data[start:end])

    def on_part_end(self) -> None:
        """Other parts are passed over."""
        self.inside = False


class _FormReader:
    """Reads a form (python_multipart stops at the door of this file). Raises Malformed."""

    def __init__(self, boundary: bytes) -> None:
        self._form = form = _Form()
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": form.on_part_begin,
                    "on_header_field": form.on_header_field,
                    "on_header_value": form.on_header_value,
                    "on_header_end": form.on_header_end,
                    "on_part_data": form.on_part_data,
                    "on_part_end": form.on_part_end,
                },
            )
        except FormParserError as error:
            raise Malformed("malformed", f"The form cannot be read: {error}.") from None

    @property
    def name(self) -> str:
        """Of the file, from the form; "" where none has come."""
        return self._form.name

    def content(self, piece: bytes) -> bytes:
        """What of the file is in a piece of the body. Raises Malformed."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise Malformed("malformed", f"The form cannot be read: {error}.") from None
        found, self._form.pieces = b"".join(self._form.pieces), []
        return found


def _form_of(request: Request) -> _FormReader | None:
    """The form of a request; None where it is none. Raises Malformed."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    return _FormReader(options.get(b"boundary", b"")) if kind == FORM else None


def _create(path: Path) -> int:
    with storing():
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _write(descriptor: int, content: bytes) -> int:
    view = memoryview(content)
    with storing():
        while view:
            view = view[os.write(descriptor, view) :]
    return len(content)


def _sync(descriptor: int) -> None:
    with storing():
        os.fsync(descriptor)
