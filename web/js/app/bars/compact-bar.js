/** Small screens: one bar above the picture; the dock is below it (dock.js), everything else in sheets. */
/** @import {Parts} from "../features.js" */
import { t } from "../../core/language.js";
import { seatOf } from "../../core/session/document.js";
import { whoDrives } from "../../core/session/driving.js";
import { ageText, counted } from "../../core/format.js";
import { find } from "../../kit/dom.js";
import { control, draw, html, nothing, twoLines } from "../../kit/html.js";
import { avatar, setColour } from "../../kit/person.js";
import { exit } from "../end-dialogs.js";
import { tabOpener } from "./panel.js";
import { titles } from "./top-bar.js";

/** @param {Parts} parts */
export function renderCompactBar(parts) {
  const { context, features } = parts;
  const { session, navigation, stage, sheets } = context;
  const { doc, standing, me } = session;
  if (!doc || !standing) return;
  const bar = find("#compact-bar", HTMLElement);
  const form = context.form();
  const { independent } = navigation;
  const driver = seatOf(doc, doc.control.seat);
  for (const element of [bar, stage.element]) setColour(element, independent ? null : driver);
  const who = independent ? seatOf(doc, me) : driver;
  const n = session.online.size;
  const drives = whoDrives(session, { independent, short: form === "phone" || form === "tablet" });
  const acts = form === "tablet" ? features.control.acts : [];
  const out = exit(parts);
  draw(
    bar,
    html`${control({ label: out.word, word: out.word, class: "button bare leave", do: out.do })}${
      who ? avatar(who) : nothing
    }${twoLines(drives, secondLine(parts))}${acts.map((act) =>
      control({
        class: "button",
        disabled: act.disabled === true,
        label: act.name,
        popup: act.menu ? "menu" : undefined,
        more: act.name,
        do: ({ currentTarget }) => act.do(currentTarget),
      }),
    )}${features.health.button(true)}${panelButtons(parts)}${control({
      label: t("In the consult, {n}", { n }),
      class: "tool people",
      glyph: "people",
      more: html`<span class="n">${n}</span>`,
      do: () => sheets.open("rail"),
    })}`,
  );
}

/** What opens the panel: the chat; while a critical result is open that, where there is place for one alone.
 * @param {Parts} parts */
function panelButtons({ context, features, panel }) {
  const form = context.form();
  const chat = form === "landscape" ? nothing : tabOpener(panel, features.chat, "tool people");
  const critical = features.critical.opener("tool people");
  if (form === "tablet") return [critical, chat];
  return critical === nothing ? chat : critical;
}

/** @param {Parts} parts */
function secondLine({ context, features }) {
  const { session, navigation, stage } = context;
  if (session.stale) return t("{age}, trying again", { age: ageText(stage.ageMs ?? 0) });
  const away = features.control.awayText(true);
  if (away) return away;
  if (navigation.independent) return t("Nothing changes for the others");
  const { first } = titles(context);
  const what = session.standing?.host ? first : session.doc?.consult.title || first;
  const n = session.online.size;
  return `${what}, ${counted(n, "person", "people")}`;
}
