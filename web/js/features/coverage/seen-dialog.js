/** What has been seen of each series of the case on the stage; for a host also by whom. */
/** @import {Series} from "../../wire.js" */
/** @import {Painted} from "../../core/coverage/coverage.js" */
/** @import {Session} from "../../core/session/session.js" */
import { seenOf } from "../../core/coverage/coverage.js";
import { seenWords, seriesWords } from "../../core/coverage/words.js";
import { t } from "../../core/language.js";
import { seatOf } from "../../core/session/document.js";
import { seriesName } from "../../core/view/corner.js";
import { showClosable } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";

/** @param {Session} session @param {Painted} painted @returns {Promise<string>} */
export function showSeen(session, painted) {
  const list = el("div", { class: "seen-list", tabindex: 0, role: "document" });
  const fill = () => list.replaceChildren(...(session.kase?.series ?? []).map((one) => row(session, painted, one)));
  fill();
  const stop = session.on("changed", fill);
  return showClosable(
    t("Seen images"),
    "wide",
    el("p", { class: "quiet", text: t("An image is seen once it was on a screen that was looked at.") }),
    list,
  ).finally(stop);
}

/** @param {Session} session @param {Painted} painted @param {Series} series */
function row({ doc, me, standing }, painted, series) {
  if (!doc) return el("div", {});
  const seen = seenOf(doc, me, series.key, painted);
  const others = standing?.host ? [...seen.seats].filter(([seat]) => seat !== me) : [];
  const line = (/** @type {string} */ name, /** @type {string} */ words) =>
    el("div", { class: "who" }, el("bdi", { text: name }), el("span", { text: words }));
  return el(
    "div",
    { class: "seen-series", "data-series": series.key },
    el("h3", { text: `${seriesName(series)} · ${t("series {number}", { number: series.number })}` }),
    el("p", { text: seriesWords(series, seen) }),
    line(t("you"), seenWords(seen.mine, series)),
    ...others.map(([seat, runs]) => line(seatOf(doc, seat)?.name ?? t("Somebody"), seenWords(runs, series))),
  );
}
