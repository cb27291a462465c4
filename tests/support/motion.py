"""A picture that moves, as the browser tests see it: scrolling at a steady pace, and what each page painted meanwhile.

The series is that of tests/support/ct.py: a ball wanders with the slice, so that the pixels themselves say which image
they are. It is read from the canvas in the task of the painting.
"""

from __future__ import annotations

from typing import Any

from tests.support.ct import SIZE
from tests.support.person import Person

SLICES = 24
WATCH = """(() => {
  window.seen = [];
  addEventListener('painted', ({detail: stamp}) => {
    const canvas = document.querySelector('canvas[data-layer=picture]');
    const [v] = stamp.viewports, [x, y, w, h] = v.rect_px;
    const row = Math.round(y + h / 2 - 0.05 * SIZE * v.scale);
    const line = canvas.getContext('2d').getImageData(x, row, w, 1).data;
    let sum = 0, n = 0;
    for (let i = 0; i < w; i++) if (line[4 * i] > 240) { sum += i + 0.5; n++; }
    const column = (sum / n - w / 2) / v.scale + SIZE / 2 - 0.5;
    window.seen.push({rev: stamp.rev, rtp: stamp.rtp ?? null, stream: stamp.stream,
      image: v.shows.place, ball: n ? (column / SIZE - 0.3) / 0.4 * SLICES : null,
      fidelity: document.body.dataset.fidelity, transport: document.body.dataset.transport,
      motion: document.body.dataset.motion});
  });
})()""".replace("SIZE", str(SIZE)).replace("SLICES", str(SLICES))
"""From now on `window.seen` is what was painted."""
SCROLL = """async ([changes, pause]) => {
  const stage = document.querySelector('#stage');
  const box = document.querySelector('canvas[data-layer=picture]').getBoundingClientRect();
  const at = {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true, cancelable: true};
  const {send} = WebSocket.prototype;
  let rest = Infinity, revision = 0;
  const look = ({data}) => {
    const view = String(data).includes('"type":"view"') ? JSON.parse(data) : {};
    if (view.n >= rest) revision = view.rev;
  };
  WebSocket.prototype.send = function (data) {
    if (String(data).includes('"type":"show"')) {
      const show = JSON.parse(data);
      [rest, revision] = [show.rest ? show.n : Infinity, 0];
      this.addEventListener('message', look);
    }
    return send.call(this, data);
  };
  const start = performance.now();
  for (let i = 0; i < changes || window.goOn; i++) {
    const down = Math.floor((i + 10) / 20) % 2 === 0;
    stage.dispatchEvent(new WheelEvent('wheel', {...at, deltaY: down ? 120 : -120}));
    await new Promise((done) => setTimeout(done, Math.max(0, start + (i + 1) * pause - performance.now())));
  }
  while (!revision) await new Promise(requestAnimationFrame);
  WebSocket.prototype.send = send;
  return revision;
}"""
"""Turns the wheel so many times, goes on for as long as `window.goOn`, until the server has answered that the view
rests, with the revision that it has then: a view that pauses may be exact before, under an earlier one."""
TIMES = """(() => {
  window.times = {};
  const first = (name) => window.times[name] ??= performance.now();
  addEventListener('painted', ({detail: stamp}) => typeof stamp.rtp === 'number' && first('frame'));
  new MutationObserver(() => {
    if (document.body?.dataset.state === 'live') first('live');
    if (document.body?.dataset.transport === 'webrtc') first('webrtc');
  }).observe(document, {subtree: true, attributes: true, childList: true});
})()"""
"""Before a page's scripts: when it was live, when its first frame was painted, when the picture came by WebRTC."""
TRANSPORT_CHANGES = """(() => {
  window.transports = [];
  const look = () => {
    const {transport} = document.body.dataset;
    if (window.transports.at(-1) !== transport) window.transports.push(transport);
  };
  new MutationObserver(look).observe(document.body, {attributes: true});
  look();
})()"""
"""From now on `window.transports` are those by which the picture came, in order."""
Seen = dict[str, Any]


def comes_by(transport: str) -> str:
    """An expression: the page is live and its picture comes this way."""
    return f"document.body?.dataset.state === 'live' && document.body.dataset.transport === '{transport}'"


async def watch(person: Person, transport: str) -> None:
    """Remember all that is painted, once frames come that way."""
    await person.wait_for(comes_by(transport))
    await person.page.evaluate(WATCH)


async def scroll(host: Person, changes: int, per_s: float) -> int:
    """Change the view many times; the revision that is exact in the end."""
    revision = await host.page.evaluate(SCROLL, [changes, 1000 / per_s])
    return await host.settled(revision)


def check_painted(seen: list[Seen], least: int) -> None:
    """Each painting shows the image that its stamp says; revisions never fall; frames are lossy, stills are not."""
    moving = [one for one in seen if one["rtp"] is not None]
    assert len(moving) >= least, len(moving)
    revisions = [one["rev"] for one in seen]
    assert revisions == sorted(revisions)
    for one in seen:
        assert one["ball"] is not None
        wrong = min(abs(one["ball"] - one["image"]), abs(one["ball"] - (SLICES - 1 - one["image"])))
        assert wrong < 0.6, one
        assert (one["stream"] == "still") == (one["rtp"] is None)
    assert all(one["fidelity"] == "lossy" for one in moving)
    assert len({one["image"] for one in moving}) > 3
