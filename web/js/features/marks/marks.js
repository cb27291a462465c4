/** Marks and key images: what is drawn over the picture, the lists beside it, tools and acts. */
/** @import {FeatureContext, Tab} from "../context.js" */
/** @import {Item} from "../../kit/menu.js" */
import { t } from "../../core/language.js";
import { AnnotationController } from "./annotation-controller.js";
import { AnnotationPointer } from "./annotation-pointer.js";
import { CurvePanel } from "./curve.js";
import { KeyImages } from "./key-images.js";
import { markButtons, spineItem, toolItems, undoButtons } from "./mark-tools.js";
import { MarksLayer } from "./marks-layer.js";
import { MarksList } from "./marks-list.js";
import { el } from "../../kit/dom.js";
import { tool } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";

/** A draft is sent anew so often while it is held; the server forgets it after 10 s. */
const KEEP_MS = 2000;

/**
 * @typedef {Pick<FeatureContext, "session" | "send" | "command" | "request" | "navigation" | "stage" | "toolbox" |
 *   "notices" | "sheets" | "redraw" | "tab" | "base" | "openTab">
 *   & {pointing: () => boolean, makeFinding: (mark: string) => void}} MarksContext pointing: the pointer is taken by
 *   who points with it; makeFinding: of the mark of that id, or of the view ("")
 */

/** @implements {Tab} */
export class Marks {
  /** @param {MarksContext} context */
  constructor(context) {
    this.context = context;
    this.tab = "marks";
    this.word = t("Marks");
    this.glyph = "list";
    const { stage, toolbox } = context;
    const layer = new MarksLayer(stage.canvases.marks);
    this.annotations = new AnnotationController(context, layer);
    this.curve = new CurvePanel(context);
    this.list = new MarksList(context, this.annotations, this.curve);
    this.keys = new KeyImages(context, this.annotations);
    /** The key image that is shown, as the bars have it. */
    this.shownKey = "";
    this.element = el(
      "div",
      { class: "tab-page", role: "tabpanel", id: "marks-page", "aria-label": this.word },
      this.curve.element,
      this.list.element,
      this.keys.element,
    );
    const { annotations, keys } = this;
    this.actions = {
      "tool-length": () => this.take("length"),
      "tool-angle": () => this.take("angle"),
      "tool-ellipse": () => this.take("ellipse"),
      "finish-mark": () => annotations.endPath(),
      undo: () => annotations.may && void annotations.acts.again("undo"),
      redo: () => annotations.may && void annotations.acts.again("redo"),
      "delete-mark": () => annotations.selected && void annotations.acts.remove(annotations.selected),
      "keep-image": () => annotations.may && void keys.toggle(),
    };
    new AnnotationPointer(stage.element, stage.area, {
      press: (at, slop) => annotations.press(at, slop),
      drag: (at) => annotations.moveTo(at),
      hover: (at) => annotations.moveTo(at),
      release: (moved) => annotations.release(moved),
      cancel: () => void annotations.cancel(),
      interrupt: () => annotations.unstored.takeUp(),
      tap: (at, slop) => !context.pointing() && annotations.select(layer.under(at, slop) ?? ""),
      following: () => annotations.sketch !== null,
    });
    annotations.layer.keptClear = () => stage.keptClear;
    annotations.layer.beneath = (on, stamp) => stage.beneath.map((draw) => draw(on, stamp)).some(Boolean);
    stage.drawMarks = (stamp) => this.paint(stamp);
    toolbox.on("changed", () => context.redraw());
    setInterval(() => annotations.held && annotations.sendDraft(), KEEP_MS);
  }

  /** In the task of the picture. @param {import("../../wire.js").Stamp | null} stamp */
  paint(stamp) {
    this.annotations.draw(stamp);
    this.curve.paint(stamp);
    const key = this.keys.here?.id ?? "";
    if (key !== this.shownKey) this.context.redraw();
    this.shownKey = key;
  }

  render() {
    this.curve.render();
    this.list.render();
    this.keys.render();
  }

  /** How many the case on the stage has. */
  get count() {
    const { doc } = this.context.session;
    return doc ? doc.marks.filter((m) => m.case === doc.current).length : 0;
  }

  /** Esc: what is in the hand, then what is selected, then the tool. @returns {boolean} whether there was any */
  escape() {
    return this.annotations.escape();
  }

  /** Take a tool that draws, or lay it down. @param {import("../../stage/toolbox.js").Kind} kind */
  take(kind) {
    if (this.annotations.may) this.context.toolbox.toggle(kind);
  }

  /** The tools that draw, for a group of tools. */
  get toolButtons() {
    return markButtons(this.annotations);
  }

  get undoButtons() {
    return undoButtons(this.annotations);
  }

  /** Keeps what the active viewport shows. */
  get keepButton() {
    const here = this.keys.here !== null;
    return tool({
      name: here ? t("Remove the key image") : t("Keep key image"),
      id: "keep",
      glyph: "bookmark",
      key: "K",
      pressed: here,
      disabled: !this.annotations.may,
      do: () => void this.keys.toggle(),
    });
  }

  /** On small screens: one button, and all in its menu. @param {HTMLElement} anchor */
  openDrawMenu(anchor) {
    openMenu(anchor, t("Draw"), [
      ...toolItems(this.annotations),
      spineItem(this.annotations, anchor),
      ...this.menuItems,
    ]);
  }

  /** What takes back, and what keeps. @returns {Item[]} */
  get menuItems() {
    const { annotations, keys } = this;
    /** @type {Item[]} */
    const items = [];
    if (annotations.acts.undoable)
      items.push({ name: t("Undo"), glyph: "undo", line: true, choose: () => void annotations.acts.again("undo") });
    if (annotations.acts.redoable > 0)
      items.push({ name: t("Redo"), glyph: "redo", choose: () => void annotations.acts.again("redo") });
    if (annotations.selected)
      items.push({ name: t("Delete the mark"), glyph: "x", bad: true, choose: this.actions["delete-mark"] });
    items.push({
      name: t("Make a finding"),
      glyph: "finding",
      line: true,
      choose: () => this.context.makeFinding(annotations.selected),
    });
    items.push({
      name: keys.here ? t("Remove the key image") : t("Keep key image"),
      glyph: "bookmark",
      choose: () => void keys.toggle(),
    });
    return items;
  }
}
