/** Over the stage: who drives and what one can do about it; at the right the link and the layout. */
/** @import {Parts} from "../features.js" */
import { t } from "../../core/language.js";
import { seatOf } from "../../core/session/document.js";
import { followText, whoDrives } from "../../core/session/driving.js";
import { ageText, formatNumber } from "../../core/format.js";
import { layoutName, sameLayout } from "../../core/view/layout.js";
import { planeOf } from "../../core/planes/parts.js";
import { canLink } from "../../core/view/link.js";
import { ONE, TWO } from "../../core/view/opening/layouts.js";
import { find } from "../../kit/dom.js";
import { control, draw, html, icon, nothing } from "../../kit/html.js";
import { avatar, setColour } from "../../kit/person.js";
import { driveActs } from "../features.js";

/** @param {Parts} parts */
export function renderPresenceBar(parts) {
  const { context, features, link } = parts;
  const { session, navigation, stage } = context;
  const { doc, stale } = session;
  if (!doc) return;
  const { independent } = navigation;
  const { board, planes, presentationStates, report, segmentations } = features;
  const driver = seatOf(doc, doc.control.seat);
  const bar = find("#presence-bar", HTMLElement);
  setColour(bar, independent ? null : driver);
  const who = independent ? seatOf(doc, session.me) : driver;
  const text = stale
    ? t("for {age}. You see the last picture. Your marks are safe.", { age: ageText(stage.ageMs ?? 0) })
    : features.control.awayText(true) || followText(session);
  draw(
    bar,
    html`${stale ? icon("bars") : who ? avatar(who, { small: true }) : nothing}
      <span class="drives">${whoDrives(session, { independent, short: false })}</span>
      <span class="count-text" title=${text}>${text}</span>
      ${stale ? control({ more: t("Try now"), class: "button small", do: () => link.look() }) : nothing}
      ${driveActs(features).map(actButton)}
      <span class="spring"></span>${board.seriesButton}${linkButton(parts)}${report.button}${presentationStates.button}
      ${segmentations.button}${planes.button}
      ${planes.slab.button}${planes.alignment.button}${layoutButton(parts)}`,
  );
}

/** @param {import("../../features/context.js").Act} act */
const actButton = (act) =>
  control({
    class: act.primary ? "button small primary" : "button small",
    disabled: act.disabled === true,
    popup: act.menu ? "menu" : undefined,
    glyph: act.menu || act.key ? act.glyph : undefined,
    word: act.name,
    more: act.key ? html`<kbd aria-hidden="true">${act.key}</kbd>` : nothing,
    do: ({ currentTarget }) => act.do(currentTarget),
  });

/** @param {Parts} parts */
function linkButton({ context, features }) {
  const { view, mayMove } = context.navigation;
  const { kase } = context.session;
  if (!view || !kase || view.viewports.length < 2 || view.mosaic) return nothing;
  const pair = view.viewports.length === 2;
  if (pair && view.viewports.some((v) => planeOf(v.shows))) return nothing;
  if (!canLink(view, kase))
    return pair ? html`<span class="count-text">${t("Not linked: the stacks are not parallel")}</span>` : nothing;
  const on = !!view.link;
  const offset = pair
    ? t("Offset {mm} mm", { mm: formatNumber(view.link?.offset_mm ?? 0, 1) })
    : t("{n} viewports", { n: view.link?.members?.length ?? 0 });
  return html`${control({
    id: "link",
    label: on ? t("Linked by position: unlink") : t("Not linked: link the viewports as they are now"),
    title: on
      ? t("Unlink, scroll one stack, and link again to set the offset")
      : t("Link the viewports as they are now"),
    class: "button small bare state-button",
    pressed: on,
    disabled: !mayMove,
    glyph: "link",
    word: on ? t("Linked by position") : t("Not linked"),
    do: () => features.viewing.acts.toggleLink(),
  })}${on ? html`<span class="count-text">${offset}</span>` : nothing}`;
}

/** @param {Parts} parts */
function layoutButton({ context, features }) {
  const { view, mayMove } = context.navigation;
  const layout = view?.layout ?? ONE;
  const two = sameLayout(layout, TWO) && !view?.mosaic;
  const name = view?.mosaic ? `${t("Mosaic")} ${layoutName(layout)}` : layoutName(layout);
  const word = two ? t("1×2 compare") : name;
  return control({
    id: "layout",
    label: t("Layout {word}", { word }),
    class: "button small bare",
    disabled: !mayMove,
    popup: "menu",
    glyph: two ? "layout-two" : sameLayout(layout, ONE) ? "layout-one" : "layout-four",
    word,
    more: icon("down"),
    do: ({ currentTarget }) => features.viewing.openLayoutMenu(currentTarget, features.planes.layoutItems),
  });
}
