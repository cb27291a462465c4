/** Two soft tones. A browser plays none before the first click into the page; then it stays silent. */

const TONES_HZ = [523.25, 659.25];
/** Seconds from one tone to the next. */
const APART_S = 0.16;
const LOUDNESS = 0.12;

/** @type {AudioContext | null} */
let context = null;

/** Play them now, or not at all: later they would say what is no longer so. */
export function chime() {
  if (navigator.userActivation?.hasBeenActive === false) return;
  context ??= new AudioContext();
  const { destination, currentTime } = context;
  void context.resume();
  for (const [i, frequency] of TONES_HZ.entries()) {
    const start = currentTime + i * APART_S;
    const tone = new OscillatorNode(context, { frequency });
    const loudness = new GainNode(context, { gain: LOUDNESS });
    loudness.gain.setTargetAtTime(0, start + APART_S / 2, APART_S / 2);
    tone.connect(loudness).connect(destination);
    tone.start(start);
    tone.stop(start + 4 * APART_S);
  }
}
