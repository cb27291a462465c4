/** What is asked before it is done: ending the consult for everybody, another name. */
/** @import {ConsultPage} from "./consult-page.js" */
import { ask, askText } from "../kit/dialog.js";

const MAX_NAME = 80;

/** @param {ConsultPage} page */
export async function askToEnd(page) {
  const others = page.session.online.size - 1;
  const who =
    others > 0
      ? `${others} ${others === 1 ? "other person is" : "other people are"} disconnected and the links stop working.`
      : "The links stop working.";
  const answer = await ask({
    title: "End the consult for everybody?",
    text: who,
    choices: [
      { name: "Only I leave", value: "leave", class: "button bare" },
      { name: "Cancel", value: "", safe: true },
      { name: "End for all", value: "end", class: "button final" },
    ],
  });
  if (answer === "leave") page.leave();
  if (answer === "end") await page.command({ type: "end_consult" });
}

/** @param {ConsultPage} page */
export async function askForName(page) {
  const { doc, me } = page.session;
  const now = doc?.seats.find((s) => s.id === me)?.name ?? "";
  const name = await askText({
    title: "Change your name",
    label: "Your name, as others will see it",
    value: now,
    action: "Change",
    max: MAX_NAME,
  });
  if (name && name !== now) await page.command({ type: "rename", name });
}
