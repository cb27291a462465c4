"""One file in a request: raw or in a form, however its bytes are cut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from consult.http.api.posted_file import posted_file
from consult.model.errors import Malformed, Refused

CONTENT = bytes(range(256)) * 40 + b"\r\n--limit-looking\r\n"


def request(body: bytes, kind: str = "", cut: int = 10_000, query: bytes = b"") -> Request:
    """A request whose body comes in pieces of `cut` bytes."""

    async def pieces() -> AsyncIterator[dict[str, Any]]:
        for at in range(0, len(body), cut):
            yield {"type": "http.request", "body": body[at : at + cut], "more_body": True}
        yield {"type": "http.request", "body": b"", "more_body": False}

    stream = pieces()
    headers = [(b"content-type", kind.encode())] if kind else []
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": query}
    return Request(scope, stream.__anext__)


def form(name: str = "a.dcm", content: bytes = CONTENT) -> bytes:
    return (
        b'--limit\r\nContent-Disposition: form-data; name="note"\r\n\r\nwords\r\n'
        b'--limit\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n'
        b"Content-Type: application/dicom\r\n\r\n" + content + b"\r\n"
        b'--limit\r\nContent-Disposition: form-data; name="file"; filename="second"\r\n\r\nother\r\n--limit--\r\n'
    )


@pytest.mark.parametrize("cut", [1, 7, 10_000])
async def test_the_first_file_of_a_form_is_the_file(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "partial"
    name = await posted_file(request(form(), "multipart/form-data; boundary=limit", cut), path)
    assert (name, path.read_bytes()) == ("a.dcm", CONTENT)
    assert path.stat().st_mode & 0o077 == 0


async def test_a_body_as_it_is(tmp_path: Path) -> None:
    name = await posted_file(request(CONTENT, "application/dicom", 3000, b"name=b%0A.dcm"), tmp_path / "partial")
    assert (name, (tmp_path / "partial").read_bytes()) == ("b?.dcm", CONTENT)
    assert await posted_file(request(CONTENT), tmp_path / "other") == "the file"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", ""),
        (b"nonsense", "multipart/form-data; boundary=limit"),
        (form(content=b""), "multipart/form-data; boundary=limit"),
        (form(), "multipart/form-data"),
    ],
)
async def test_what_holds_no_file_is_malformed(tmp_path: Path, body: bytes, kind: str) -> None:
    with pytest.raises(Malformed):
        await posted_file(request(body, kind), tmp_path / "partial")


async def test_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="too_large"):
        await posted_file(request(CONTENT), tmp_path / "partial", 5000)
