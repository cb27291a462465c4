/** On small screens: the connection is lost, the picture is the last one, and there is something to do about it. */
import { t } from "../core/language.js";
import { el } from "../kit/dom.js";

/** @param {() => void} tryNow */
export function lostCard(tryNow) {
  return el(
    "div",
    { class: "card lost-card", hidden: true },
    el("div", { class: "title", text: t("The connection is lost") }),
    el("div", { class: "text", text: t("We keep trying. You see the last picture. Your marks are safe.") }),
    el("button", { type: "button", class: "button", text: t("Try now"), onclick: tryNow }),
  );
}

/** Small screens have no other place for it. @param {import("../features/context.js").FeatureContext} context */
export const isLostCardDue = ({ session, form }) =>
  session.stale && session.liveOnce && !["wide", "middle"].includes(form());
