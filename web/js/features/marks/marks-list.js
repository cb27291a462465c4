/** The marks of the case, in words: the text twin of what is drawn, with a jump to each. */
/** @import {Mark, View} from "../../wire.js" */
/** @import {Scene} from "../../core/view/view.js" */
/** @import {AnnotationController} from "./annotation-controller.js" */
/** @import {CurvePanel} from "./curve.js" */
/** @import {MarksContext} from "./marks.js" */
import { t } from "../../core/language.js";
import { caseLine, severalCases } from "../../core/session/cases.js";
import { seatOf } from "../../core/session/document.js";
import { handles } from "../../core/marks/handles.js";
import { placeOf } from "../../core/marks/marks.js";
import { movePoint } from "../../core/planes/acts.js";
import { planeOf, sameSpace } from "../../core/planes/parts.js";
import { add, scale } from "../../core/vec.js";
import { seriesKey, seriesShown } from "../../core/view/shows.js";
import { openSeries } from "../../core/view/opening/series.js";
import { activate, goTo, goToImage, viewportOf } from "../../core/view/view.js";
import { el } from "../../kit/dom.js";
import { control, draw, html, icon, nothing, parted, repeat, unseen } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";
import { colourOf } from "../../kit/person.js";
import { Calibrating } from "./calibrate.js";
import { isWritten, markWords } from "./mark-words.js";

export class MarksList {
  /** @param {MarksContext} context @param {AnnotationController} annotations @param {CurvePanel} curve */
  constructor(context, annotations, curve) {
    this.context = context;
    this.annotations = annotations;
    this.curve = curve;
    this.calibrating = new Calibrating(context);
    this.element = el("div", { class: "marks-list" });
  }

  render() {
    const { doc, kase } = this.context.session;
    if (!doc || !kase) return;
    const marks = doc.marks.filter((m) => m.case === doc.current);
    draw(this.element, [
      severalCases(doc) ? html`<h2 class="case-head">${parted(caseLine(doc, doc.current))}</h2>` : nothing,
      marks.length > 0
        ? html`<div role="list" aria-label=${t("Marks")}>${repeat(
            marks,
            (mark) => mark.id,
            (mark) => this.row(mark),
          )}</div>`
        : html`<p class="empty-note">${t("Draw with a tool above; your marks appear here.")}</p>`,
    ]);
  }

  /** @param {Mark} mark */
  row(mark) {
    const { doc, kase, me } = this.context.session;
    const author = doc && seatOf(doc, mark.author);
    const reading = this.annotations.readings.of(mark);
    const { first, more, second, where, name } = markWords(mark, kase, reading, { author, me });
    const items = this.items(mark);
    const line = (/** @type {string} */ text) => (text ? html`<span class="second">${parted(text)}</span>` : nothing);
    return html`<div
      class="mark-row"
      role="listitem"
      data-mark=${mark.id}
      data-points=${JSON.stringify(mark.points)}
      data-kind=${mark.kind}
      data-colour=${colourOf(author)}
      aria-current=${mark.id === this.annotations.selected ? "true" : nothing}
    ><button
      type="button"
      class="mark-main"
      data-name=${mark.id}
      title=${where}
      @click=${() => this.jump(mark)}
    >${icon(`mark-${mark.kind}`)}<span class="two-lines" aria-hidden="true"><span class="first">${first}</span>${[
      more,
      second,
      where,
    ].map(line)}</span>${unseen(name)}</button>${
      items.length > 0
        ? control({
            label: t("More about {first}", { first }),
            glyph: "more",
            class: "tool",
            popup: "menu",
            do: (event) => openMenu(event.currentTarget, first, this.items(mark)),
          })
        : nothing
    }</div>`;
  }

  /** @param {Mark} mark @returns {import("../../kit/menu.js").Item[]} */
  items(mark) {
    const { annotations } = this;
    const items = this.curve.items(mark);
    if (annotations.may) items.push(...this.calibrating.items(mark));
    if (mark.author === this.context.session.me && annotations.may) {
      items.push({
        name: isWritten(mark) ? t("Change the text") : t("Note"),
        glyph: "mark-text",
        choose: () => void annotations.acts.relabel(mark.id),
      });
    }
    if (annotations.may) {
      const make = () => this.context.makeFinding(mark.id);
      items.push({ name: t("Make a finding"), glyph: "finding", choose: make });
    }
    if (annotations.acts.mayDelete(mark))
      items.push({ name: t("Delete"), glyph: "x", bad: true, choose: () => void annotations.acts.remove(mark.id) });
    return items;
  }

  /** Select it, and go where it is: in the series that is shown where that has it too. @param {Mark} mark */
  jump(mark) {
    const { navigation, sheets, session } = this.context;
    if (mark.case !== session.doc?.current) return;
    this.annotations.select(mark.id);
    if (!navigation.ready() && this.isShown(mark)) return;
    navigation.change((view, scene) => this.at(mark, view, scene));
    sheets.close();
  }

  /** The view that shows it. @param {Mark} mark @param {View} view @param {Scene} scene */
  at(mark, view, scene) {
    const { navigation } = this.context;
    const plane = view.viewports.find((v) => showsSpaceOf(v, mark, scene.kase));
    if (plane) return movePoint(activate(view, plane.id), scene.kase, middle(mark));
    const has = (/** @type {string} */ id) => {
      const viewport = viewportOf(view, id);
      const series = seriesShown(scene.kase, viewport?.shows);
      return series ? placeOf(mark, mark.frame_of_reference, series) : -1;
    };
    const own = view.viewports.find((v) => seriesKey(v.shows) === mark.series)?.id;
    const id = own ?? (has(view.active) >= 0 ? view.active : view.viewports.find((v) => has(v.id) >= 0)?.id);
    const there = id ? activate(view, id) : openSeries(view, view.active, scene, mark.series, navigation.links);
    const at = id ?? view.active;
    return id && !own ? goTo(there, at, scene, has(id)) : goToImage(there, at, scene, mark.image);
  }

  /** @param {Mark} mark */
  isShown(mark) {
    return this.annotations.layer.drawn.some((d) => d.id === mark.id);
  }
}

/** Whether a viewport shows a plane of the space that a mark lies in.
 * @param {import("../../wire.js").Viewport} viewport @param {Mark} mark @param {import("../../wire.js").Case} kase */
const showsSpaceOf = ({ shows }, mark, kase) =>
  planeOf(shows) !== null && sameSpace(kase, seriesKey(shows), mark.series);

/** Of what one takes hold of. @param {Mark} mark @returns {import("../../core/vec.js").Vec} */
function middle(mark) {
  const all = handles(mark);
  return scale(
    all.reduce((sum, point) => add(sum, point), [0, 0, 0]),
    1 / all.length,
  );
}
