/**
 * Does what core/pictures/exactness.js decides: opens and closes the picture socket, and ends and resumes the stream.
 * `data-motion` of the body says what is shown while the view moves: "exact" or "stream".
 */
/** @import {Loading, View} from "../../wire.js" */
/** @import {Effect} from "../../core/pictures/exactness.js" */
/** @import {PictureTransports} from "../../transport/picture-transports.js" */
/** @import {Pictures} from "../pictures.js" */
/** @import {Stills} from "../../transport/exact/stills.js" */
import { isWhole } from "../../core/loading.js";
import { Exactness, isMetered } from "../../core/pictures/exactness.js";
import { seriesKey } from "../../core/view/shows.js";

export class ExactMotion {
  /**
   * @param {{stills: Stills, transports: PictureTransports, pictures: Pictures,
   *   loading: (series: string) => Loading | null}} parts
   */
  constructor({ stills, transports, pictures, loading }) {
    this.stills = stills;
    this.transports = transports;
    this.pictures = pictures;
    this.loading = loading;
    this.url = "";
    const { connection } = /** @type {{connection?: {type?: string, saveData?: boolean}}} */ (navigator);
    this.exactness = new Exactness(isMetered(connection));
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

  /** The view has changed; what the server still decodes says nothing of the network.
   * @param {View} view @param {number} rev */
  revised(view, rev) {
    const decoded = view.viewports.every(({ shows }) => isWhole(this.loading(seriesKey(shows))));
    if (decoded) this.exactness.revised(rev, performance.now());
  }

  /** An exact picture is painted. @param {number} rev of its view */
  painted(rev) {
    this.exactness.painted(rev);
  }

  /** Another stage is shown from now on. */
  forget() {
    this.exactness.forget();
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
    this.apply();
  }

  /** Whether frames come, and stills are fetched at rest alone. */
  apply() {
    const moving = this.transports.transports.transport !== "stills" && !this.showsStills;
    if (moving !== this.pictures.moving) this.pictures.setMoving(moving);
  }
}
