/** The cases of a board in their order: who, how far, how long; reordered by dragging or by keys. */
/** @import {Case, Snapshot} from "../../wire.js" */
/** @import {BoardContext} from "./board.js" */
import {
  lightsOf,
  lightWords,
  minutesLeft,
  movedBy,
  movedTo,
  preparationOf,
  preparedOf,
  progressOf,
  spentOn,
  timeText,
  clock,
  decisionsOf,
} from "../../core/board/board.js";
import { ageAndSex } from "../../core/format.js";
import { t } from "../../core/language.js";
import { caseNumber, patientName } from "../../core/patient.js";
import { classes, html, icon, nothing, repeat, unseen } from "../../kit/html.js";

const DRAGGED = "application/x-consult-case";

/** @param {BoardContext} context */
export function caseList(context) {
  const { doc, standing } = context.session;
  if (!doc || !standing) return nothing;
  const now = Date.now() / 1000;
  return html`${repeat(
    doc.cases,
    (kase) => kase.id,
    (kase, n) => row(context, doc, kase, n, now),
  )}`;
}

/** How many are done, how long that took, and what is planned still. @param {Snapshot} doc */
export function listHead(doc) {
  const done = doc.cases.filter((one) => decisionsOf(doc, one.id).length > 0).length;
  const of = doc.cases.length;
  const heading = html`<h2>${t("Cases")}</h2>`;
  if (doc.board?.phase !== "running") return heading;
  const now = Date.now() / 1000;
  const spent = doc.cases.reduce((sum, one) => sum + spentOn(doc, one.id, now), 0);
  const left = minutesLeft(doc, now);
  return html`${heading}<progress
      max=${of}
      value=${done}
      aria-label=${t("{done} of {of} cases decided", { done, of })}
    ></progress><p class="board-times quiet"><span>${clock(spent)}</span><span>${
      left ? t("about {n} min left", { n: left }) : ""
    }</span></p>`;
}

/** @param {BoardContext} context @param {Snapshot} doc @param {Case} kase @param {number} n @param {number} now */
function row(context, doc, kase, n, now) {
  const { standing, live } = context.session;
  const progress = progressOf(doc, kase.id);
  const orders = !!standing?.mayOrder && live;
  const words = under(doc, kase);
  const switches = !!standing?.maySwitchCase && live && progress !== "now";
  return html`<li
    class=${classes("board-case", progress === "now" && "now")}
    data-case=${kase.id}
    data-progress=${progress}
    draggable=${orders ? "true" : "false"}
    @dragstart=${(/** @type {DragEvent} */ event) => event.dataTransfer?.setData(DRAGGED, kase.id)}
    @dragover=${(/** @type {DragEvent} */ event) => orders && event.preventDefault()}
    @drop=${(/** @type {DragEvent} */ event) => dropped(context, event, n)}
  ><button
      type="button"
      class="board-case-button"
      aria-current=${progress === "now" ? "true" : nothing}
      ?disabled=${!switches && progress !== "now"}
      title=${orders ? t("Drag, or Alt and an arrow key, puts it in another place") : nothing}
      @click=${() => switches && void context.command({ type: "switch_case", to: kase.id })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => moved(context, event, kase.id)}
    ><span class="place">${sign(progress, n)}</span><span class="two-lines"
        ><span class="first" dir="auto">${who(doc, kase, n)}</span><span class="second" title=${words}>${words}</span></span
      ><span class="time">${ready(doc, kase)}${timeText(doc, kase.id, now)}</span></button></li>`;
}

/** What of it is ready, while it is prepared: "3 / 5". @param {Snapshot} doc @param {Case} kase */
function ready(doc, kase) {
  if (kase.withheld || doc.board?.phase === "running") return "";
  const lights = lightsOf(kase, preparationOf(doc, kase.id), preparedOf(doc, kase.id));
  const n = lights.filter((one) => one.ready).length;
  const all = n === lights.length;
  return html`<span class=${classes("lights", all && "good")} title=${lightWords(lights)}
    >${all ? t("ready") : `${n} / ${lights.length}`}</span> `;
}

/** @param {import("../../core/board/board.js").Progress} progress @param {number} n */
function sign(progress, n) {
  if (progress === "decided") return html`${icon("check")}${unseen(t("decided"))}`;
  if (progress === "put off") return html`${icon("redo")}${unseen(t("put off"))}`;
  return `${n + 1}`;
}

/** @param {Snapshot} doc @param {Case} kase @param {number} n */
const who = (doc, kase, n) =>
  kase.withheld ? caseNumber({ n: n + 1, of: doc.cases.length }) : patientName(kase.patient);

/** What was decided; else of who it is, or what is missing. @param {Snapshot} doc @param {Case} kase */
function under(doc, kase) {
  if (kase.withheld) return "";
  const last = decisionsOf(doc, kase.id).at(-1);
  if (last) return last.words.outcome === "deferral" ? t("put off") : last.words.stage || last.words.text;
  const about = [ageAndSex(kase, kase.studies[0]), kase.studies[0]?.description].filter(Boolean).join(" · ");
  if (doc.board?.phase === "running") return about;
  return lightWords(lightsOf(kase, preparationOf(doc, kase.id), preparedOf(doc, kase.id)));
}

/** @param {BoardContext} context @param {DragEvent} event @param {number} to */
function dropped({ session, command }, event, to) {
  const id = event.dataTransfer?.getData(DRAGGED);
  const { doc } = session;
  if (!id || !doc) return;
  event.preventDefault();
  const ids = doc.cases.map((one) => one.id);
  void command({ type: "order_cases", case: doc.case, order: movedTo(ids, id, to) });
}

/** @param {BoardContext} context @param {KeyboardEvent} event @param {string} id */
function moved({ session, command }, event, id) {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const { doc, standing } = session;
  if (!by || !event.altKey || !doc || !standing?.mayOrder) return;
  event.preventDefault();
  event.stopPropagation();
  const ids = doc.cases.map((one) => one.id);
  void command({ type: "order_cases", case: doc.case, order: movedBy(ids, id, by) });
}
