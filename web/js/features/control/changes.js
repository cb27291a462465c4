/** What is said when the document changes: who has control, who came and went, who asks. */
/** @import {Snapshot} from "../../wire.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { presenterName, seatOf } from "../../core/session/document.js";
import { say, sayNow } from "../../kit/notice.js";

/** @param {ConsultPage} page @param {Snapshot} before @param {Snapshot} after */
export function tellChanges(page, before, after) {
  const { me, standing } = page.session;
  page.annotations.changed(before, after);
  if (before.control.seat !== after.control.seat) tellControl(page, before, after);
  const asked = after.control.requests.filter((id) => !before.control.requests.includes(id) && id !== me);
  for (const id of asked) {
    page.declined.delete(id);
    const name = seatOf(after, id)?.name ?? "Somebody";
    if (!standing?.mayGrant) continue;
    say(`${name} asks for control`);
    if (page.form !== "wide") {
      const grant = () => void page.command({ type: "grant_control", seat: id });
      page.notices.show({
        text: `${name} asks for control.`,
        glyph: "swap",
        action: { name: "Give control", do: grant },
      });
    }
  }
  const came = after.seats.filter((s) => !s.removed && s.id !== me && !before.seats.some((t) => t.id === s.id));
  if (came.length > 0) say(`${came.map((s) => s.name).join(", ")} joined`);
}

/** @param {ConsultPage} page @param {Snapshot} before @param {Snapshot} after */
function tellControl(page, before, after) {
  const { me, standing } = page.session;
  const taken = presenterName(after);
  page.notices.hide();
  if (after.control.seat === me && !standing?.host) {
    page.notices.show({
      text: "You have control. Everybody sees what you do.",
      glyph: "swap",
      action: { name: "Give back", do: () => void page.command({ type: "give_back_control" }) },
    });
    return sayNow("You have control. Everybody sees what you do.");
  }
  if (before.control.seat === me && after.control.seat !== null) {
    const text = standing?.host ? `${taken} has control.` : `${taken} took the control back.`;
    page.notices.show({ text, glyph: "swap" });
    return sayNow(text);
  }
  if (after.control.seat !== null && after.control.seat !== me) say(`${taken} has control`);
}
