/** The seen map: a strip beside each scroll bar, and its sentence, which is shown where the bar is pointed at. */
/** @import {FeatureContext} from "../context.js" */
/** @import {Painted} from "../../core/coverage/coverage.js" */
import { seenOf, strip } from "../../core/coverage/coverage.js";
import { stripWords } from "../../core/coverage/words.js";
import { places } from "../../core/view/series.js";
import { timeOf } from "../../core/view/shows.js";
import { el, setText } from "../../kit/dom.js";
import { draw, html } from "../../kit/html.js";
import { partOf, tickTop } from "../../stage/scrub.js";

/** @param {Pick<FeatureContext, "session" | "stage">} context @param {Painted} painted */
export function renderStrips({ session, stage }, painted) {
  const { doc, me } = session;
  for (const { content, scrubber } of doc ? stage.overlays.values() : []) {
    if (!doc || !content || content.series.unlisted || places(content.series) < 2) continue;
    const { series, viewport } = content;
    const time = timeOf(viewport.shows);
    const seen = seenOf(doc, me, series.key, painted);
    const { strip: element, words } = partsOf(scrubber.element);
    const last = places(series);
    draw(
      element,
      strip(series, time, seen).map(
        (run) => html`<div
          data-by=${run.by}
          data-from=${run.first + 1}
          data-to=${run.last + 1}
          .style=${between(run, last)}
        ></div>`,
      ),
    );
    const sentence = stripWords(series, time, seen);
    setText(words, sentence);
    scrubber.element.setAttribute("aria-description", sentence);
  }
}

/** Where a run of places lies along the bar. @param {{first: number, last: number}} run @param {number} count places */
const between = ({ first, last }, count) =>
  `top: ${tickTop(partOf(first - 0.5, count))}; bottom: ${tickTop(1 - partOf(last + 0.5, count))}`;

/** What they are of: viewports, series, times. @param {FeatureContext["stage"]["overlays"]} overlays */
export const stripsKey = (overlays) =>
  [...overlays]
    .map(([id, { content }]) => [id, content?.series.key, content && timeOf(content.viewport.shows)].join(" "))
    .join();

/** Of a scroll bar, made when they are first asked for. @param {HTMLElement} scrubber */
function partsOf(scrubber) {
  const [strip, words] = [scrubber.querySelector(".coverage"), scrubber.querySelector(".coverage-words")];
  if (strip instanceof HTMLElement && words instanceof HTMLElement) return { strip, words };
  const made = { strip: el("div", { class: "coverage" }), words: el("div", { class: "coverage-words" }) };
  scrubber.prepend(made.strip);
  scrubber.append(made.words);
  return made;
}
