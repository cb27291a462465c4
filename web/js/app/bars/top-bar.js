/** The top bar of large screens: who the patient is (for the host), tools, health, how to leave. */
/** @import {Parts} from "../features.js" */
import { t } from "../../core/language.js";
import { seriesName } from "../../core/view/corner.js";
import { clockTime } from "../../core/format.js";
import { caseNumber, identityParts, patientName } from "../../core/patient.js";
import { find } from "../../kit/dom.js";
import { control, draw, html, logo, nothing, tool, twoLines } from "../../kit/html.js";
import { exit } from "../end-dialogs.js";
import { moreMenu } from "../more-menu.js";
import { keepTabStop, toolbar } from "./toolbar.js";

/** What is consulted about, in two lines. @param {Parts["context"]} context */
export function titles({ session, navigation }) {
  const { doc, kase, standing } = session;
  if (!doc || !kase) return { first: "", second: "" };
  const { activeSeries } = navigation;
  const study = kase.studies.find((s) => s.key === activeSeries?.study) ?? kase.studies[0];
  const what = study?.description || (activeSeries ? seriesName(activeSeries) : "");
  const title = kase.title || doc.consult.title;
  const time = clockTime(Date.now() / 1000);
  const number = caseNumber({ n: doc.cases.indexOf(kase) + 1, of: doc.cases.length });
  if (standing?.host) {
    return {
      first: [patientName(kase.patient), number, what].filter(Boolean).join(" · "),
      second: [...identityParts(kase.patient), doc.patients_hidden && t("hidden from guests"), time, title]
        .filter(Boolean)
        .join(" · "),
    };
  }
  return { first: what || title, second: [doc.consult.host_name, number, time].filter(Boolean).join(" · ") };
}

/** @param {Parts} parts */
export function renderTopBar(parts) {
  const { context, features } = parts;
  const { marks, people, health, invite, viewing, critical } = features;
  const { first, second } = titles(context);
  const { mayMove } = context.navigation;
  const out = exit(parts);
  const bar = find("#top-bar", HTMLElement);
  draw(
    bar,
    html`<div class="who">${logo()}${twoLines(first, second)}</div>
      <div class="tools">${toolbar(features)}<span class="gap-line"></span>${
        context.session.standing?.mayDraw ? people.laserButton : nothing
      }${marks.undoButtons}${tool({
        name: t("Reset"),
        glyph: "reset",
        key: t("Space"),
        disabled: !mayMove,
        do: () => viewing.acts.act("reset"),
      })}</div>
      <div class="end">${critical.opener("tool")}${health.button()}${marks.keepButton}${tool({
        name: t("More"),
        glyph: "more",
        popup: "menu",
        do: ({ currentTarget }) => moreMenu(parts, currentTarget),
      })}<span class="gap-line"></span>${invite.button}${control({
        label: out.word,
        word: out.word,
        glyph: "leave",
        do: out.do,
      })}</div>`,
  );
  keepTabStop(find("[role=radiogroup]", HTMLElement, bar));
}
