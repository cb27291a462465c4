/** The prepared views of the case on the stage: shown by a click or a key, named, ordered, dropped. */
/** @import {PreparedView} from "../../wire.js" */
/** @import {BoardTab} from "./board.js" */
import { movedBy } from "../../core/board/board.js";
import { t } from "../../core/language.js";
import { lengthProblem } from "../../kit/dom.js";
import { control, classes, html, nothing, repeat, tool } from "../../kit/html.js";

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
          class: "button small",
          disabled: !live,
          do: () => void board.keepView(),
        })
      : nothing
  }`;
}

/** @param {BoardTab} board @param {PreparedView} view @param {number} n */
function row(board, view, n) {
  const { standing, live } = board.context.session;
  const name = view.line || t("View {n}", { n: n + 1 });
  const show = control({
    word: `${n + 1}  ${name}`,
    class: "button bare prepared-show",
    label: t("Show {name}", { name }),
    do: () => board.showView(view),
  });
  const prepares = !!standing?.prepares && live;
  const kind = classes("prepared", board.shownView === view.id && "now");
  const more = prepares ? tools(board, view, n, name) : nothing;
  return html`<li data-prepared=${view.id} class=${kind}>${show}${more}</li>`;
}

/** @param {BoardTab} board @param {PreparedView} view @param {number} n @param {string} name */
function tools(board, view, n, name) {
  const { session, command } = board.context;
  const epoch = session.doc?.case;
  const ids = board.views.map((one) => one.id);
  const rename = (/** @type {Event & {currentTarget: HTMLInputElement}} */ { currentTarget: field }) => {
    if (!field.reportValidity()) return;
    void command({ type: "name_prepared_view", case: epoch, prepared: view.id, line: field.value });
  };
  const order = () =>
    void command({ type: "order_prepared_views", case: epoch, of: view.case, order: movedBy(ids, view.id, -1) });
  const drop = () => void command({ type: "drop_prepared_view", case: epoch, prepared: view.id });
  return html`<input
      class="text-input prepared-line"
      type="text"
      aria-label=${t("What {name} shows", { name })}
      .value=${view.line}
      @input=${checkLength}
      @change=${rename}
    />${tool({ name: t("Earlier: {name}", { name }), glyph: "undo", disabled: n === 0, do: order })}${tool({
      name: t("Drop {name}", { name }),
      glyph: "trash",
      do: drop,
    })}`;
}

/** @param {Event & {currentTarget: HTMLInputElement}} event */
const checkLength = ({ currentTarget: field }) => field.setCustomValidity(lengthProblem(field.value, MAX_LINE));
