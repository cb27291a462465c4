/** The marks of the case, in words: the text twin of what is drawn, with a jump to each. */
/** @import {Mark} from "../../wire.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { seriesName } from "../../core/view/corner.js";
import { seatOf } from "../../core/session/document.js";
import { imageOf, seriesUnder } from "../../core/marks/marks.js";
import { KIND_NAMES, valueText } from "../../core/marks/measure.js";
import { activate, goTo, openSeries, seriesOf, viewportOf } from "../../core/view/view.js";
import { el, glyph, rebuild, unseen } from "../../kit/dom.js";
import { openMenu } from "../../kit/menu.js";
import { colourOf } from "../../kit/person.js";

export class MarksList {
  /** @param {ConsultPage} page */
  constructor(page) {
    this.page = page;
    this.element = el("div", { class: "marks-list" });
  }

  render() {
    const { doc, kase, me, phase } = this.page.session;
    if (!doc || !kase) return;
    const marks = doc.marks.filter((m) => m.case === doc.current);
    const annotations = this.page.annotations;
    const readings = marks.map((m) => annotations.readings.of(m));
    const key = JSON.stringify([marks, readings, annotations.selected, doc.seats, me, phase, annotations.may]);
    rebuild(this.element, key, () => [
      marks.length > 0 && el("div", { role: "list", "aria-label": "Marks" }, ...marks.map((mark) => this.row(mark))),
      marks.length === 0 && el("p", { class: "alone", text: "Draw with a tool above; your marks appear here." }),
    ]);
  }

  /** @param {Mark} mark */
  row(mark) {
    const { page } = this;
    const { doc, kase, me } = page.session;
    const series = kase && seriesUnder(kase, mark);
    const author = doc && seatOf(doc, mark.author);
    const { title, more } = valueText(mark, series, page.annotations.readings.of(mark));
    const words = mark.kind === "text" || mark.kind === "arrow";
    const first = words && title ? `“${title}”` : title || KIND_NAMES[mark.kind];
    const where = `image ${mark.image + 1}`;
    const second = [words ? "" : mark.label, where, mark.author === me ? "" : author?.name].filter(Boolean).join(" · ");
    const name = `${KIND_NAMES[mark.kind]}, ${[first, more, second].filter(Boolean).join(", ")}`;
    const row = el("div", {
      class: "mark-row",
      role: "listitem",
      "data-mark": mark.id,
      "data-points": JSON.stringify(mark.points),
      "data-kind": mark.kind,
      "aria-current": mark.id === page.annotations.selected ? "true" : null,
    });
    colourOf(row, author ?? null);
    const main = el(
      "button",
      {
        type: "button",
        class: "mark-main",
        "data-name": mark.id,
        title: series ? `${seriesName(series)}, ${where}` : where,
        onclick: () => this.jump(mark),
      },
      glyph(`mark-${mark.kind}`),
      el(
        "span",
        { class: "two-lines", "aria-hidden": true },
        el("span", { class: "first", text: first }),
        more ? el("span", { class: "second", text: more }) : null,
        el("span", { class: "second", text: second }),
      ),
      unseen(name),
    );
    const menu = this.items(mark);
    const more_ =
      menu.length > 0 &&
      el(
        "button",
        {
          type: "button",
          class: "tool",
          "aria-label": `More about ${first}`,
          "aria-haspopup": "menu",
          onclick: (event) => openMenu(event.currentTarget, first, this.items(mark)),
        },
        glyph("more"),
      );
    row.append(main, ...(more_ ? [more_] : []));
    return row;
  }

  /** @param {Mark} mark @returns {import("../../kit/menu.js").Item[]} */
  items(mark) {
    const { annotations, session } = this.page;
    const items = [];
    if (mark.author === session.me && annotations.may) {
      items.push({
        name: mark.kind === "text" || mark.kind === "arrow" ? "Change the text" : "Note",
        glyph: "mark-text",
        choose: () => void annotations.relabel(mark.id),
      });
    }
    if (annotations.mayDelete(mark))
      items.push({ name: "Delete", glyph: "x", bad: true, choose: () => void annotations.remove(mark.id) });
    return items;
  }

  /** Select it, and go where it is: in the series that is shown where that has it too. @param {Mark} mark */
  jump(mark) {
    const { page } = this;
    page.annotations.select(mark.id);
    const ready = page.ready();
    if (!ready) return this.isShown(mark) ? undefined : page.cannot();
    const { view, scene } = ready;
    const has = (/** @type {string} */ id) => {
      const viewport = viewportOf(view, id);
      const series = seriesOf(scene.kase, viewport?.series);
      return series ? imageOf(mark, mark.frame_of_reference, series) : -1;
    };
    const own = view.viewports.find((v) => v.series === mark.series)?.id;
    const id = own ?? (has(view.active) >= 0 ? view.active : view.viewports.find((v) => has(v.id) >= 0)?.id);
    const there = id ? activate(view, id) : openSeries(view, view.active, scene, mark.series, page.actions.links);
    const at = id ?? view.active;
    page.propose(goTo(there, at, scene, id && !own ? has(id) : mark.image), { pause: true });
    page.sheets.close();
  }

  /** @param {Mark} mark */
  isShown(mark) {
    return this.page.annotations.layer.drawn.some((d) => d.id === mark.id);
  }
}
