/** Who should be there, and where the sound is: asked for in a dialog, and stored at once for all. */
/** @import {BoardContext} from "./board.js" */
import { t } from "../../core/language.js";
import { fieldsDialog, shown } from "../../kit/dialog.js";
import { el, limited } from "../../kit/dom.js";

/** Characters: 20 specialties of 60 at most, a line each. */
const MAX_ALL = 20 * 61;

/** @param {BoardContext} context */
export async function askBoardSettings({ session, command }) {
  const { board } = session.doc ?? {};
  if (!board) return;
  const specialties = limited(
    el("textarea", { class: "text-input", rows: 6, text: board.specialties.join("\n") }),
    MAX_ALL,
  );
  const elsewhere = el("input", { type: "checkbox", checked: board.sound_elsewhere });
  const dialog = fieldsDialog(
    { title: t("The board"), action: t("Save"), answer: () => "save", class: "board-settings" },
    el("label", {}, el("span", { text: t("Specialties that should be there, a line each") }), specialties),
    el(
      "label",
      { class: "check" },
      elsewhere,
      el("span", {
        text: t("The sound is elsewhere: in the room, or on the phone. No page asks for a microphone, and none plays."),
      }),
    ),
  );
  if ((await shown(dialog)) !== "save") return;
  await command({
    type: "set_board",
    case: session.doc?.case,
    specialties: specialtiesOf(specialties.value),
    sound_elsewhere: elsewhere.checked,
  });
}

/** A line each, or between commas; 20 at most. @param {string} text */
const specialtiesOf = (text) =>
  text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, 20);
