"""Somebody at a browser: joins by a link, waits for states of the page, reads what its canvas really holds."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import re
from collections import Counter, deque
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.async_api import BrowserContext, Error, Page, WebSocket

from tests.support.snapshot_parts import Parts, with_lists
from tests.support.waiting import PATIENCE_S

PLAYWRIGHTS_OWN = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,OptimizationHints,NetworkTimeServiceQuerying,"
    "AimEnabled,PreconnectToSearch"
)
"""What Playwright disables itself: of two lists the last counts alone."""
ADDRESS_BAR = "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
"""Pages of the browser's own that each window loads beside ours, for a second of processor time."""
DISABLED_FEATURES = f"--disable-features={PLAYWRIGHTS_OWN},{ADDRESS_BAR}"
CHROMIUM_FLAGS = [
    DISABLED_FEATURES,
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",  # as if somebody had clicked in the page of the link (`take_seat`)
]
METERED = """Object.defineProperty(navigator, 'connection',
  {value: Object.assign(new EventTarget(), {saveData: true}), configurable: true});"""
"""Before a page's scripts: its network is metered, so it keeps the stream while the picture moves, as phones do."""
SILENT = """Object.defineProperty(HTMLAudioElement.prototype, 'srcObject', {set() {}, configurable: true});"""
"""Before a page's scripts: it plays no sound, which takes more than all else that a page at rest does. Who tests voices
has browsers of their own (tests/support/voice.py)."""
LOOK_MS = 15
"""Between two looks of who waits for a state: not at each animation frame, for which a page at rest would draw one."""
READ_CANVAS = """async (rect, layer = 'picture') => {
  const canvas = document.querySelector(`canvas[data-layer=${layer}]`);
  const [x, y, w, h] = rect ?? [0, 0, canvas.width, canvas.height];
  const probe = new OffscreenCanvas(w, h);
  probe.getContext('2d', {willReadFrequently: true}).drawImage(canvas, x, y, w, h, 0, 0, w, h);
  const png = await probe.convertToBlob();
  return new Uint8Array(await png.arrayBuffer()).toBase64();
}"""
"""Copied within the task that asks. As PNG, whose pixels are as exact: it takes an eighth of sending them plain."""
AT_REST = """new Promise((done) => {
  const read = READ_CANVAS;
  const look = () => {
    const found = [...document.querySelectorAll('[data-viewport]')]
      .map((e) => [e.dataset.viewport, e.dataset.rect, e.dataset.digest]);
    if (!(EXACT) || !found.length || !found.every(([,, digest]) => digest)) return void setTimeout(look, LOOK_MS);
    const {revision} = document.body.dataset;
    void Promise.resolve(WITH_CANVAS ? read(null) : null).then((canvas) => done({revision, viewports: found, canvas}));
  };
  look();
})"""
"""What is shown exactly, read in one task: a view that pauses is settled once more, and lossy until that is drawn."""
HIDE_ALL_BUT_PICTURE = """(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('body * { visibility: hidden !important } '
    + 'canvas[data-layer=picture] { visibility: visible !important }');
  document.adoptedStyleSheets = [sheet];
})()"""
EXACT = "['exact', 'scaled'].includes(document.body.dataset.fidelity)"
LISTENS = "only listen|use the telephone"
"""To come in without a microphone; the second where voice does not come through."""
POSITION = "document.querySelector('[data-viewport={}] [role=slider]')?.getAttribute('aria-valuenow')"


@dataclass(frozen=True)
class AtRest:
    """What an exact picture shows: the revision of the view, `data-rect` and `data-digest` of each viewport."""

    revision: int
    viewports: dict[str, dict[str, Any]]

    @property
    def digests(self) -> dict[str, str]:
        """Of the still in each viewport."""
        return {v: w["digest"] for v, w in self.viewports.items()}


@dataclass(frozen=True)
class Painted(AtRest):
    """The same, and what its canvas holds: (height, width, 4) uint8 RGBA, in device pixels."""

    canvas: NDArray[np.uint8]


class Person:
    """One page in a context of its own."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context, self.page = context, page
        context.set_default_timeout(PATIENCE_S * 1000)
        self.problems: list[str] = []
        self.sockets = Counter[str]()
        """What became of the page's control connections: a failure names it."""
        self.stamps: deque[dict[str, Any]] = deque(maxlen=256)
        self.loadings: list[dict[str, Any]] = []
        self.case: dict[str, Any] = {}
        self._parts = Parts()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("websocket", self._listen)

    def ignore_messages(self) -> None:
        """Before the page connects: do not read along, where there are very many."""
        self.page.remove_listener("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if socket.url.endswith("/ws"):
            self.sockets["opened"] += 1
            socket.on("close", lambda _: self.sockets.update(["closed"]))
            socket.on("socketerror", lambda error: self.sockets.update([error]))
            socket.on("framereceived", self._on_frame)

    def _on_frame(self, frame: str | bytes) -> None:
        """What the server sends to the page, beside the page."""
        message = json.loads(frame)
        if message["type"] == "stamp" and message["stamp"]["stream"] == "still":
            self.stamps.append(message["stamp"])
        elif message["type"] == "loading":
            self.loadings.append(message)
        elif message["type"] == "part":
            self._parts.take(message)
        elif message["type"] == "welcome" and message["snapshot"]:
            snapshot = self._parts.whole(message["snapshot"])
            self.case = next(case for case in snapshot["cases"] if case["id"] == snapshot["current"])

    async def enter(self, link: str, name: str = "", *, microphone: bool = False) -> None:
        """Open a link, give a name where one is asked for, and come to the page of the seat."""
        await self.page.goto(link)
        if name:
            await self.page.get_by_label("Your name").fill(name)
            await self.page.get_by_role("button", name=re.compile("Join with" if microphone else LISTENS)).click()
        else:
            await self.sit_down()
        await self.page.wait_for_url("**/seat/**")

    async def sit_down(self) -> None:
        """On one's own link: one click, where this browser has not sat there before."""
        button = self.page.get_by_role("button", name="Continue as")
        await button.or_(self.page.locator("#stage")).first.wait_for()
        if await button.count():
            await button.click()
        await self.page.wait_for_url("**/seat/**")

    async def take_seat(self, link: str, name: str = "") -> None:
        """To the page of a seat, as who only listens, without the page of the link: that has tests of its own, and
        takes a fifth of what it takes to come in."""
        address, _, secret = link.partition("#")
        known = await self._post(address, secret=secret)
        taken = await self._post(f"{address}/seat", secret=secret, name=name or known["name"])
        await self.page.goto(urljoin(address, taken["seat"]))

    async def _post(self, address: str, **body: str) -> dict[str, Any]:
        """With the cookies of this browser."""
        answer = await self.context.request.post(address, data=body)
        assert answer.ok, (answer.status, await answer.text())
        found: dict[str, Any] = await answer.json()
        return found

    async def join(self, link: str, name: str = "", *, microphone: bool = False) -> None:
        """Take the seat, and wait for the live page with an exact picture."""
        await (self.enter(link, name, microphone=True) if microphone else self.take_seat(link, name))
        await self.state("live")
        await self.settled()

    async def another_tab(self) -> Person:
        """Another page of the same browser profile."""
        return Person(self.context, await self.context.new_page())

    async def after(self, act: Awaitable[Any]) -> int:
        """Do something that changes the view once, and wait until what came of it is shown exactly; the revision."""
        before = await self.revision()
        await act
        return await self.settled(before + 1)

    async def sees(self, number: int, viewport: str = "a") -> None:
        """Wait until that image, from 1, is shown exactly in a viewport."""
        await self.wait_for(f"{EXACT} && {POSITION.format(viewport)} === '{number}'")

    async def shown(self) -> dict[str, dict[str, Any]]:
        """The stamped viewports of the picture that is painted now, which must be exact."""
        rest = await self.at_rest()
        rects = {v: list(w["rect"]) for v, w in rest.viewports.items()}
        for stamp in reversed(self.stamps):
            found = {v["id"]: v for v in stamp["viewports"]}
            if stamp["rev"] == rest.revision and {v: w["rect_px"] for v, w in found.items()} == rects:
                await self._fetch_lists({series_under(viewport["shows"]) for viewport in found.values()})
                return found
        raise AssertionError(f"no stamp says what is shown at revision {rest.revision}")

    async def _fetch_lists(self, shown: set[str]) -> None:
        """Of these series, once each."""
        for i, series in enumerate(self.case["series"]):
            if series["key"] in shown and series["unlisted"]:
                asked = f"fetch('series/{series['key']}').then((answer) => answer.json())"
                self.case["series"][i] = with_lists(series, await self.page.evaluate(asked))

    def series(self, key: str) -> dict[str, Any]:
        """What the server sent of a series, which was among those `shown`."""
        found: dict[str, Any] = next(s for s in self.case["series"] if s["key"] == key)
        return found

    async def image_number(self) -> int:
        """Number, from 1, of the image in the first viewport, as its corner text says."""
        text: str = await self.page.evaluate("document.querySelector('#stage').textContent")
        found = re.search(r"(?:Image\s|\()(\d+)\s?/\s?\d+", text)
        assert found, text
        return int(found.group(1))

    async def wait_for(self, expression: str) -> None:
        """Wait until an expression holds, looking every `LOOK_MS`; fails with the page's state in the end.

        Playwright's own wait evaluates text in the page, which the page's Content-Security-Policy forbids. Where the
        page goes on to another meanwhile, as after joining, it looks there.
        """
        look = f"const look = () => ({expression}) ? done() : setTimeout(look, {LOOK_MS})"
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not await self._holds(f"new Promise((done) => {{ {look}; look(); }})"):
                    await self.page.wait_for_load_state()
        except TimeoutError:
            data = await self.page.evaluate("({...document.body.dataset})")
            found = f"the page is {data}, {dict(self.sockets)}; {self.problems}"
            raise AssertionError(f"{expression} never held; {found}") from None

    async def _holds(self, promise: str) -> bool:
        """Whether a promise came true before the page went on to another."""
        try:
            await self.page.evaluate(promise)
        except Error as error:
            if "Execution context was destroyed" not in error.message:
                raise
            return False
        return True

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression; a promise is awaited."""
        return await self.page.evaluate(expression)

    async def state(self, state: str) -> None:
        """Wait until the page says that it is in a state."""
        await self.wait_for(f"document.body?.dataset.state === '{state}'")

    async def settled(self, revision: int = 0) -> int:
        """Wait until exact pixels of at least that revision are shown; the revision."""
        await self.wait_for(f"{EXACT} && Number(document.body.dataset.revision) >= {revision}")
        return await self.revision()

    async def at_rest(self) -> AtRest:
        """Wait until all viewports are exact; what is shown then."""
        found = await self._at_rest("false")
        return AtRest(int(found["revision"]), _viewports(found["viewports"]))

    async def painted(self) -> Painted:
        """The same with the canvas, read in the same task: megabytes, for who compares pixels."""
        found = await self._at_rest("true")
        return Painted(int(found["revision"]), _viewports(found["viewports"]), _rgba(found["canvas"]))

    async def _at_rest(self, with_canvas: str) -> dict[str, Any]:
        look = AT_REST.replace("READ_CANVAS", READ_CANVAS).replace("EXACT", EXACT).replace("WITH_CANVAS", with_canvas)
        look = look.replace("LOOK_MS", str(LOOK_MS))
        try:
            async with asyncio.timeout(PATIENCE_S):
                found: dict[str, Any] = await self.page.evaluate(look)
        except TimeoutError:
            raise AssertionError(f"it never came to rest; {await self.viewports()}; {self.problems}") from None
        return found

    async def revision(self) -> int:
        """Of the view that is shown."""
        return int(await self.data("revision"))

    async def data(self, name: str) -> str:
        """One value of document.body.dataset."""
        value: str = await self.page.evaluate("name => document.body.dataset[name] ?? ''", name)
        return value

    async def viewports(self) -> dict[str, dict[str, Any]]:
        """`data-rect` and `data-digest` of each viewport."""
        found: list[list[str]] = await self.page.evaluate(
            "[...document.querySelectorAll('[data-viewport]')]"
            ".map(e => [e.dataset.viewport, e.dataset.rect, e.dataset.digest])"
        )
        return _viewports(found)

    async def canvas(self, rect: tuple[int, int, int, int] | None = None) -> NDArray[np.uint8]:
        """What the picture canvas holds, (height, width, 4) uint8 RGBA, in device pixels."""
        return await self.layer("picture", rect)

    async def layer(self, name: str, rect: tuple[int, int, int, int] | None = None) -> NDArray[np.uint8]:
        """The same of another canvas."""
        read = f"([rect, layer]) => ({READ_CANVAS})(rect, layer)"
        return _rgba(await self.page.evaluate(read, [list(rect) if rect else None, name]))

    async def screenshot_of_picture(self) -> NDArray[np.uint8]:
        """The screen where the picture canvas is, all else hidden: (height, width, 3) uint8, in device pixels."""
        box: dict[str, float] = await self.page.evaluate(
            "(() => { const r = document.querySelector('canvas[data-layer=picture]').getBoundingClientRect();"
            " return {x: r.x, y: r.y, width: r.width, height: r.height} })()"
        )
        await self.page.evaluate(HIDE_ALL_BUT_PICTURE)
        png = await self._screenshot()
        await self.page.evaluate("document.adoptedStyleSheets = []")
        ratio = float(await self.page.evaluate("devicePixelRatio"))
        whole = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
        x, y = round(box["x"] * ratio), round(box["y"] * ratio)
        return whole[y : y + round(box["height"] * ratio), x : x + round(box["width"] * ratio)]

    async def _screenshot(self) -> bytes:
        """As PNG, compressed for speed: half of the processor time of Playwright's own."""
        devtools = await self.context.new_cdp_session(self.page)
        try:
            shot = await devtools.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
        finally:
            await devtools.detach()
        return base64.b64decode(shot["data"])

    async def still(self, digest: str) -> tuple[NDArray[np.uint8], str]:
        """A still as the server sends it: its pixels, and the hash in its header."""
        answer = await self.page.request.get(f"{self.page.url.split('#')[0]}stills/{digest}")
        assert answer.ok, (answer.status, await answer.text())
        return read_png(await answer.body()), answer.headers["x-pixels-sha256"]


def series_under(shows: dict[str, Any]) -> str:
    """The key of the series that is shown: of a fusion what lies below, of a plane its volume's."""
    base = shows.get("base", shows)
    key: str = base["series"] if base["type"] == "stack" else base["volume"]["series"]
    return key


def _viewports(found: list[list[str]]) -> dict[str, dict[str, Any]]:
    return {v: {"rect": tuple(int(n) for n in rect.split(",")), "digest": digest} for v, rect, digest in found}


def _rgba(png: str) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA"))


def read_png(png: bytes) -> NDArray[np.uint8]:
    """Pixels of a PNG, by a decoder that is not ours."""
    return np.asarray(Image.open(io.BytesIO(png)))


async def check_exact(person: Person) -> Painted:
    """Once the picture rests: canvas, still and screen are the same pixels, which are returned."""
    rest, screen = await _canvas_and_screen(person)
    for viewport in rest.viewports.values():
        x, y, width, height = viewport["rect"]
        canvas = rest.canvas[y : y + height, x : x + width]
        still, sha256 = await person.still(viewport["digest"])
        assert grey_hash(canvas) == sha256
        assert np.array_equal(canvas[..., 0], still)
    assert np.array_equal(screen, rest.canvas[..., :3])
    return rest


async def _canvas_and_screen(person: Person) -> tuple[Painted, NDArray[np.uint8]]:
    """Of one picture: they are read one after the other, and another may come in between."""
    while True:
        rest, screen = await person.painted(), await person.screenshot_of_picture()
        after = await person.at_rest()
        if (after.revision, after.viewports) == (rest.revision, rest.viewports):
            return rest, screen


async def check_exact_colours(person: Person) -> None:
    """The canvas is in each viewport, to the pixel, its still, and that has the hash that the server promises."""
    rest = await person.painted()
    for name, shown in rest.viewports.items():
        still, promised = await person.still(shown["digest"])
        x, y, width, height = shown["rect"]
        assert np.array_equal(rest.canvas[y : y + height, x : x + width, :3], still[..., :3]), name
        assert hashlib.sha256(np.ascontiguousarray(still[..., :3]).tobytes()).hexdigest() == promised


def grey_hash(rgba: NDArray[np.uint8]) -> str:
    """SHA-256 of a grey picture's bytes; fails where the canvas is not grey and opaque."""
    assert (rgba[..., 0] == rgba[..., 1]).all()
    assert (rgba[..., 0] == rgba[..., 2]).all()
    assert (rgba[..., 3] == 255).all()
    return hashlib.sha256(np.ascontiguousarray(rgba[..., 0]).tobytes()).hexdigest()
