/** What is asked before it is done: ending the consult for everybody, leaving it, another name. */
/** @import {Parts} from "./features.js" */
import { plural, t } from "../core/language.js";
import { ask, askText } from "../kit/dialog.js";
import { showSettings } from "../kit/settings.js";
import { settings } from "../transport/storage.js";

const MAX_NAME = 80;

/** @param {Parts} parts */
export async function askToEnd({ context, link, features }) {
  const others = context.session.online.size - 1;
  const who =
    others > 0
      ? plural(
          others,
          "{n} other person is disconnected and the links stop working.",
          "{n} other people are disconnected and the links stop working.",
        )
      : t("The links stop working.");
  const answer = await ask({
    title: t("End the consult for everybody?"),
    text: [features.critical.endingWords, who].filter(Boolean).join(" "),
    choices: [
      { name: t("Only I leave"), value: "leave", class: "button bare" },
      { name: t("Cancel"), value: "", safe: true },
      { name: t("End for all"), value: "end", class: "button final" },
    ],
  });
  if (answer === "leave") link.leave();
  if (answer === "end") await context.command({ type: "end_consult" });
}

/** @param {Parts["context"]} context */
export async function askForName({ session, command }) {
  const { doc, me } = session;
  const now = doc?.seats.find((s) => s.id === me)?.name ?? "";
  const name = await askText({
    title: t("Change your name"),
    label: t("Your name, as others will see it"),
    value: now,
    action: t("Change"),
    max: MAX_NAME,
  });
  if (name && name !== now) await command({ type: "rename", name });
}

/** @param {Parts["context"]} context */
export function openSettings({ session, command }) {
  const name = session.doc?.seats.find((s) => s.id === session.me)?.name ?? "";
  const rename = (/** @type {string} */ wish) => void command({ type: "rename", name: wish });
  return showSettings(settings, { name, rename, hosts: !!session.standing?.host });
}

/**
 * Out of the consult: who hosts is asked, everybody else leaves, and who reads one that has ended.
 * @param {Parts} parts
 * @returns {{word: string, do: () => void}}
 */
export function exit(parts) {
  const { standing } = parts.context.session;
  return standing?.host && !standing.reads
    ? { word: t("End"), do: () => void askToEnd(parts) }
    : { word: t("Leave"), do: () => parts.link.leave() };
}
