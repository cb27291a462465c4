"""The host at home: what is dropped on the page, which studies are listed; and the same by the API."""

from __future__ import annotations

import base64
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx

from tests.support.ct import write_series
from tests.support.person import Person
from tests.support.server import Server
from tests.support.waiting import PATIENCE_S

DROP = """async (tree) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const entry = (path, node) => {
    const name = path.split('/').pop(), fullPath = '/' + path;
    if (typeof node === 'string') {
      const file = new File([bytes(node)], name);
      return {isFile: true, isDirectory: false, name, fullPath, file: (done) => done(file)};
    }
    const children = Object.entries(node).map(([child, inner]) => entry(path + '/' + child, inner));
    const reader = () => ({readEntries: (done) => done(children.splice(0, 2))});
    return {isFile: false, isDirectory: true, name, fullPath, createReader: reader};
  };
  const items = Object.entries(tree).map(([name, node]) => ({kind: 'file', webkitGetAsEntry: () => entry(name, node)}));
  const event = new Event('drop', {bubbles: true, cancelable: true});
  event.dataTransfer = {types: ['Files'], items, files: []};
  document.body.dispatchEvent(event);
}"""
"""Drops a tree {name: base64 or tree}, by entries as a browser hands them out: folders read in portions."""


class Host(Person):
    """The host at home."""

    async def come_home(self, server: Server) -> None:
        """Open the printed link."""
        await self.page.goto(f"{server.address}/#{server.token}")
        await self.state("live")

    async def drop(self, tree: dict[str, Any]) -> None:
        """Drop a tree {name: base64 or tree} on the page."""
        await self.page.evaluate(DROP, tree)

    async def has_studies(self, number: int) -> None:
        """Wait until so many are listed."""
        await self.wait_for(f"document.querySelectorAll('[data-study]').length === {number}")

    async def select(self, *uids: str) -> None:
        """Tick these studies."""
        for uid in uids:
            await self.page.locator(f"[data-study='{uid}']").check()


def in_base64(content: bytes) -> str:
    """As `drop` takes a file."""
    return base64.b64encode(content).decode()


def series(folder: Path, **changes: Any) -> tuple[str, dict[str, bytes]]:
    """A small series: its study, and its files."""
    study = write_series(folder, images=3, size=48, **changes)
    return study, {path.name: path.read_bytes() for path in folder.iterdir()}


def packed(paths: list[Path]) -> bytes:
    """A zip of files."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in paths:
            archive.write(path, f"{path.parent.name}/{path.name}")
    return buffer.getvalue()


async def post_all(server: Server, folder: Path) -> None:
    """Take in all series below a folder, by the API."""
    content = packed(sorted(folder.glob("*/*.dcm")))  # noqa: ASYNC240 - nothing else runs meanwhile
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {server.token}"}, timeout=PATIENCE_S) as client:
        answer = await client.post(f"{server.address}/api/studies", content=content)
        assert answer.status_code == 201, answer.text
