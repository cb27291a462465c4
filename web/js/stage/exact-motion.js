/**
 * Does what core/pictures/exactness.js decides: opens and closes the picture socket, and ends and resumes the stream.
 * `data-motion` of the body says what is shown while the view moves: "exact" or "stream".
 */
/** @import {Effect} from "../core/pictures/exactness.js" */
/** @import {PictureTransports} from "../transport/picture-transports.js" */
/** @import {Stills} from "../transport/stills/stills.js" */
import { Exactness, isMetered } from "../core/pictures/exactness.js";

export class ExactMotion {
  /** @param {Stills} stills @param {PictureTransports} transports
   * @param {() => void} changed what is shown while it moves */
  constructor(stills, transports, changed) {
    this.stills = stills;
    this.transports = transports;
    this.changed = changed;
    this.url = "";
    const { connection } = /** @type {{connection?: {type?: string, saveData?: boolean}}} */ (navigator);
    this.exactness = new Exactness(isMetered(connection));
    /** Stills are shown at rest alone. */
    this.moving = false;
    stills.onfetched = (bytes, ms) => this.run(this.exactness.fetched(bytes, ms, performance.now()));
    stills.oncame = () => this.run(this.exactness.came(performance.now()));
    stills.onclosed = () => this.run(this.exactness.closed(performance.now()));
    document.addEventListener("visibilitychange", () => this.connect(this.url !== "" && !document.hidden));
    this.tell();
  }

  /** The control connection lives. @param {string} url of the picture socket */
  start(url) {
    this.url = url;
    this.connect(!document.hidden);
  }

  /** It does not any more, or for good. */
  stop() {
    this.url = "";
    this.connect(false);
  }

  /** @param {boolean} online and looked at */
  connect(online) {
    this.run(this.exactness.connect(online, performance.now()));
  }

  /** Stills alone are shown, whatever moves. */
  get exact() {
    return this.exactness.exact;
  }

  tick() {
    this.exactness.settled = this.transports.settled;
    this.run(this.exactness.tick(performance.now()));
  }

  revised() {
    this.exactness.revised(performance.now());
  }

  /** An exact picture is painted. @param {boolean} newest */
  painted(newest) {
    this.exactness.painted(newest);
  }

  /** A frame of the stream was identified. */
  framed() {
    this.run(this.exactness.framed(performance.now()));
  }

  /** @param {Effect[]} effects */
  run(effects) {
    for (const effect of effects) this.carryOut(effect);
    if (effects.length > 0) this.tell();
  }

  /** @param {Effect} effect */
  carryOut(effect) {
    switch (effect) {
      case "open":
        return this.stills.open(this.url);
      case "close":
        return this.stills.close();
      case "stills":
        return this.transports.rest(true);
      case "resume":
        return this.transports.rest(false);
      case "frames":
        return undefined; // `showsStills` says so
    }
  }

  /** Exact stills are fetched though it moves. */
  get showsStills() {
    return this.exactness.phase === "exact" || this.exactness.phase === "leaving";
  }

  tell() {
    document.body.dataset.motion = this.exact ? "exact" : "stream";
    this.changed();
  }
}
