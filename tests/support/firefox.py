"""Debian's Firefox by raw WebDriver BiDi: enough to open a page, run a script and take a screenshot."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import shutil
import signal
import socket
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import websockets

from tests.support.person import METERED
from tests.support.waiting import PATIENCE_S

TRY_S = 5
"""Firefox is slow beside others on a busy machine."""
PREFERENCES = {
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "toolkit.telemetry.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "media.gmp-manager.url": "",
    "media.gmp-provider.enabled": False,
    "services.settings.server": "data:,none",
}


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Firefox:
    """One headless Firefox with one tab; `async with`."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._profile = Path(tempfile.mkdtemp(prefix="firefox-"))
        self._numbers = itertools.count(1)
        self._context = ""

    async def __aenter__(self) -> Firefox:
        """Start and connect."""
        lines = "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items())
        (self._profile / "user.js").write_text(lines)
        port = free_port()
        width, height = self._size
        self._process = await asyncio.create_subprocess_exec(
            *("firefox-esr", "--headless", "--no-remote", "--profile", str(self._profile)),
            *(f"--remote-debugging-port={port}", "about:blank"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "HOME": str(self._profile)},
        )
        assert self._process.stderr
        async with asyncio.timeout(PATIENCE_S):
            async for line in self._process.stderr:
                if b"WebDriver BiDi listening" in line:
                    break
        self._drain = asyncio.create_task(self._process.stderr.read())
        self._socket = await websockets.connect(f"ws://127.0.0.1:{port}/session", max_size=1 << 26, origin=None)
        await self.call("session.new", capabilities={})
        await self.call("script.addPreloadScript", functionDeclaration=f"() => {{ {METERED} }}")
        tree = await self.call("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]
        size = {"width": width, "height": height}
        await self.call("browsingContext.setViewport", context=self._context, viewport=size)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it by its process group."""
        await self._socket.close()
        os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        await self._drain
        shutil.rmtree(self._profile, ignore_errors=True)

    async def call(self, method: str, **params: Any) -> Any:
        """One BiDi command and its result."""
        number = next(self._numbers)
        await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(await self._socket.recv())
            if answer.get("id") == number:
                if answer["type"] == "error":
                    raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
                return answer["result"]

    async def goto(self, url: str) -> None:
        """Open a page and wait for its load."""
        await self.call("browsingContext.navigate", context=self._context, url=url, wait="complete")

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression; a promise is awaited. It travels as JSON."""
        result = await self.call(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(JSON.stringify)",
            target={"context": self._context},
            awaitPromise=True,
        )
        if result["type"] != "success":
            raise RuntimeError(result["exceptionDetails"]["text"])
        value = result["result"].get("value")
        return None if value is None else json.loads(value)

    async def wait_for(self, expression: str) -> None:
        """Wait until an expression holds, looking at each animation frame.

        A page that is left takes a wait with it, and Firefox never answers it; so it is begun anew now and then.
        """
        look = f"const look = () => ({expression}) ? done(true) : requestAnimationFrame(look)"
        wait = f"new Promise(done => {{ {look}; look() }})"
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not await self._holds(wait):
                    pass
        except TimeoutError:
            state = await self.evaluate("[location.pathname, {...document.body.dataset}]")
            raise AssertionError(f"{expression} never held; the page is at {state}") from None

    async def _holds(self, wait: str) -> bool:
        try:
            async with asyncio.timeout(TRY_S):
                await self.evaluate(wait)
        except TimeoutError:
            return False
        return True

    async def type_into(self, selector: str, text: str) -> None:
        """Type into a field and press Enter, as a person would."""
        await self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        keys = [*text, "\ue007"]
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        await self.call("input.performActions", context=self._context, actions=[keyboard])

    async def screenshot(self) -> bytes:
        """PNG of the page."""
        result = await self.call("browsingContext.captureScreenshot", context=self._context)
        return base64.b64decode(result["data"])
