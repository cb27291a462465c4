/** The second axis of a series at its viewport: which time is shown, of how many; whoever has control steps it. */
/** @import {Series} from "../wire.js" */
import { t } from "../core/language.js";
import { axisName, timeLabel, times } from "../core/view/series.js";
import { el, glyph, setText } from "../kit/dom.js";

export class TimeControl {
  /** @param {(by: number) => void} step */
  constructor(step) {
    this.label = el("span", { class: "time-label" });
    this.count = el("span", { class: "time-count" });
    this.back = stepButton("back", () => step(-1));
    this.next = stepButton("next", () => step(1));
    this.element = el(
      "div",
      { class: "time-control", role: "group", hidden: true },
      this.back,
      el("span", { class: "time-words" }, this.label, this.count),
      this.next,
    );
  }

  /** @param {{series: Series, time: number, enabled: boolean}} shown */
  update({ series, time, enabled }) {
    const count = times(series);
    this.element.hidden = count < 2;
    if (count < 2) return;
    const name = axisName(series);
    setText(this.label, timeLabel(series, time));
    setText(this.count, `${time + 1}/${count}`);
    this.element.setAttribute(
      "aria-label",
      `${name}: ${timeLabel(series, time)}, ${t("{n} of {count}", { n: time + 1, count })}`,
    );
    describe(this.back, t("Previous {name}", { name }), ",", enabled && time > 0);
    describe(this.next, t("Next {name}", { name }), ".", enabled && time < count - 1);
  }
}

/** @param {"back" | "next"} side @param {() => void} press */
const stepButton = (side, press) =>
  el("button", { type: "button", class: `time-step ${side}`, onclick: press }, glyph("down"));

/** @param {HTMLButtonElement} button @param {string} name @param {string} key @param {boolean} enabled */
function describe(button, name, key, enabled) {
  const attributes = { "aria-label": name, title: `${name} (${key})`, "aria-disabled": String(!enabled) };
  for (const [attribute, value] of Object.entries(attributes))
    if (button.getAttribute(attribute) !== value) button.setAttribute(attribute, value);
}
