"""A Chromium of somebody who talks: its microphone plays a file with speech in it."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Browser, Page, Playwright

from tests.support.person import CHROMIUM_FLAGS, DISABLED_FEATURES
from tests.support.waiting import PATIENCE_S

Course = list[dict[str, float]]
"""What `LISTEN` gives."""
WEBRTC_FLAGS = [
    "--allow-loopback-in-peer-connection",
    f"{DISABLED_FEATURES},WebRtcHideLocalIpsWithMdns",
]
SENTENCES = "There is a nodule of twenty two millimetres in the right upper lobe. It was not there in May."
GAP_S = 2.0
REMEMBER_PEERS = """(() => {
  const Real = RTCPeerConnection;
  window.peers = [];
  window.RTCPeerConnection = class extends Real {
    constructor(...options) { super(...options); window.peers.push(this); }
  };
})()"""
STATS = """async () => {
  const peer = window.peers?.findLast((p) => p.connectionState === 'connected');
  const sum = {sent: 0, spoken: 0, received: 0, played: 0, at: Date.now()};
  if (!peer) return sum;
  for (const s of (await peer.getStats()).values()) {
    if (s.type === 'media-source' && s.kind === 'audio') sum.spoken += s.totalAudioEnergy ?? 0;
    if (s.type === 'outbound-rtp' && s.kind === 'audio') sum.sent += s.packetsSent;
    if (s.type === 'inbound-rtp' && s.kind === 'audio') {
      sum.received += s.packetsReceived;
      sum.played += s.totalAudioEnergy ?? 0;
    }
  }
  return sum;
}"""
LISTEN = f"""async ([ms, step]) => {{
  const stats = {STATS}, course = [];
  for (const end = Date.now() + ms; Date.now() < end;) {{
    course.push(await stats());
    await new Promise((done) => setTimeout(done, step));
  }}
  return course;
}}"""
"""What a page sends and plays, for some time; to be run at several pages at once."""
GROWS = f"""async ([name, least, ms, step]) => {{
  const stats = {STATS}, before = (await stats())[name];
  for (const end = Date.now() + ms; Date.now() < end;) {{
    if ((await stats())[name] - before > least) return true;
    await new Promise((done) => setTimeout(done, step));
  }}
  return false;
}}"""
"""Whether a figure of a page grows by so much, from now on, within some time."""
SPEAK = """async (least) => {
  const [track] = (await navigator.mediaDevices.getUserMedia({audio: true})).getAudioTracks();
  const reader = new MediaStreamTrackProcessor({track}).readable.getReader();
  for (let energy = 0; energy < least;) {
    const {value} = await reader.read();
    const samples = new Float32Array(value.numberOfFrames);
    value.copyTo(samples, {planeIndex: 0, format: 'f32-planar'});
    energy += samples.reduce((sum, sample) => sum + sample * sample, 0) / value.sampleRate;
    value.close();
  }
  track.stop();
}"""
"""Returns once so much energy was spoken into the page's microphone from now on, whether the page sends it or not."""


def write_speech(path: Path) -> Path:
    """Speech by espeak-ng, and a gap behind it: what a fake microphone plays again and again."""
    spoken = path.with_suffix(".spoken.wav")
    subprocess.run(["espeak-ng", "-v", "en", "-s", "150", "-w", str(spoken), SENTENCES], check=True, timeout=PATIENCE_S)
    with wave.open(str(spoken)) as source:
        rate, samples = source.getframerate(), source.readframes(source.getnframes())
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(rate)
        target.writeframes(samples + bytes(2 * int(GAP_S * rate)))
    return path


async def launch(driver: Playwright, speech: Path | None = None, *, allow: bool = True) -> Browser:
    """A Chromium of its own. `speech`: what its microphone plays; `allow`: its user allows the microphone."""
    flags = [*CHROMIUM_FLAGS, *WEBRTC_FLAGS, "--use-fake-device-for-media-stream"]
    flags.append("--use-fake-ui-for-media-stream" if allow else "--deny-permission-prompts")
    if speech is not None:
        flags.append(f"--use-file-for-fake-audio-capture={speech}")
    return await driver.chromium.launch(executable_path="/usr/bin/chromium", args=flags)


async def stats(page: Page) -> dict[str, float]:
    """Packets sent and received, energy spoken and played, so far, on the newest connection."""
    sums: dict[str, float] = await page.evaluate(STATS)
    return sums


def envelope(course: Course, energy: str, at_ms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Loudness over time: the root of the energy's growth between moments."""
    times = np.array([s["at"] for s in course], float)
    totals = np.array([s[energy] for s in course], float)
    loudness: NDArray[np.float64] = np.sqrt(np.maximum(np.diff(np.interp(at_ms, times, totals)), 0.0))
    return loudness


def likeness(sender: Course, listener: Course, step_ms: float = 100, lags: int = 15) -> float:
    """The best correlation of what is spoken at one page with what another plays up to 1.5 s later.

    Of half a second each: a jitter buffer stretches and shrinks time a little, more so on a busy machine.
    """
    start = max(sender[0]["at"], listener[0]["at"])
    end = min(sender[-1]["at"], listener[-1]["at"])
    at = np.arange(start, end, step_ms)
    half_a_second = np.ones(5) / 5
    mine, theirs = (
        np.convolve(envelope(course, name, at), half_a_second, "valid")
        for course, name in ((sender, "spoken"), (listener, "played"))
    )
    n = len(mine) - lags
    return max(float(np.corrcoef(mine[:n], theirs[lag : lag + n])[0, 1]) for lag in range(lags))
