/** The prepared views of the case on the stage: shown by a click or a key, named, ordered, dropped. */
/** @import {Item} from "../../kit/menu.js" */
/** @import {PreparedView} from "../../wire.js" */
/** @import {BoardTab} from "./board.js" */
import { movedBy } from "../../core/board/board.js";
import { thumbnailUrl } from "../../core/format.js";
import { t } from "../../core/language.js";
import { seriesName } from "../../core/view/corner.js";
import { seriesKey } from "../../core/view/shows.js";
import { askText } from "../../kit/dialog.js";
import { control, classes, html, nothing, repeat, thumbnail, tool } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";

/** Characters. */
const MAX_LINE = 160;

/** @param {BoardTab} board */
export function preparedViews(board) {
  const { session } = board.context;
  const { standing, live } = session;
  const { views } = board;
  if (views.length === 0 && !standing?.mayKeepView) return nothing;
  return html`<h3>${t("Prepared views")}</h3><ol class="prepared-list">${repeat(
    views,
    (view) => view.id,
    (view, n) => row(board, view, n),
  )}</ol>${
    standing?.mayKeepView
      ? control({
          word: t("Add this view"),
          glyph: "plus",
          class: "button bare add-view",
          disabled: !live,
          do: () => void board.keepView(),
        })
      : nothing
  }`;
}

/** What is said of it, else which series it shows first. @param {BoardTab} board @param {PreparedView} view
 * @param {number} n */
function nameOf(board, view, n) {
  if (view.line) return view.line;
  const key = firstSeries(view);
  const series = board.context.session.kase?.series.find((one) => one.key === key);
  return series ? seriesName(series) : t("View {n}", { n: n + 1 });
}

/** @param {PreparedView} view */
function firstSeries({ view }) {
  const [first] = view.viewports;
  return first ? seriesKey(first.shows) : "";
}

/** @param {BoardTab} board @param {PreparedView} view @param {number} n */
function row(board, view, n) {
  const { session, base } = board.context;
  const name = nameOf(board, view, n);
  const now = board.shownView === view.id;
  const show = control({
    id: view.id,
    class: "prepared-show",
    label: t("Show {name}", { name }),
    title: name,
    pressed: now,
    more: html`<span class="thumb">${thumbnail(thumbnailUrl(base, firstSeries(view)))}<span class="n">${n + 1}</span
      ></span><span class="name" dir="auto">${name}</span>`,
    do: () => board.showView(view),
  });
  const more =
    session.standing?.prepares && session.live
      ? tool({
          name: t("More: {name}", { name }),
          glyph: "more",
          popup: "menu",
          do: ({ currentTarget }) => openMenu(currentTarget, name, items(board, view, name)),
        })
      : nothing;
  return html`<li data-prepared=${view.id} class=${classes("prepared", now && "now")}>${show}${more}</li>`;
}

/** @param {BoardTab} board @param {PreparedView} view @param {string} name @returns {Item[]} */
function items(board, view, name) {
  const { session, command } = board.context;
  const epoch = session.doc?.case;
  const ids = board.views.map((one) => one.id);
  const at = ids.indexOf(view.id);
  const move = (/** @type {number} */ by) =>
    void command({ type: "order_prepared_views", case: epoch, of: view.case, order: movedBy(ids, view.id, by) });
  const rename = async () => {
    const line = await askText({
      title: t("What {name} shows", { name }),
      label: t("A line of text"),
      value: view.line,
      action: t("Change"),
      max: MAX_LINE,
    });
    if (line) await command({ type: "name_prepared_view", case: epoch, prepared: view.id, line });
  };
  return [
    { name: t("Say what it shows"), glyph: "mark-text", choose: () => void rename() },
    { name: t("Earlier"), glyph: "undo", disabled: at === 0, choose: () => move(-1) },
    { name: t("Later"), glyph: "redo", disabled: at === ids.length - 1, choose: () => move(1) },
    {
      name: t("Drop"),
      glyph: "trash",
      bad: true,
      line: true,
      choose: () => void command({ type: "drop_prepared_view", case: epoch, prepared: view.id }),
    },
  ];
}
