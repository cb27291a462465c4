/** What is shown and how: series, window presets, layout, tools that move the view, and all acts that change it. */
/** @import {FeatureContext} from "../context.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {PresentationState, Segmentation} from "../../wire.js" */
import { Actions } from "./actions.js";
import { renderBottomBar } from "./bottom-bar.js";
import { cineMenu, layoutItems, layoutMenu, pictureItems, presetMenu } from "./layout-menu.js";
import { acceptDrops, renderSeries } from "./series-list.js";
import { Magnifier } from "./magnifier.js";
import { SeriesLists } from "./series-lists.js";
import { toolButtons } from "./tools.js";

/**
 * @typedef {Pick<FeatureContext, "session" | "command" | "navigation" | "stage" | "toolbox" | "notices" | "sheets" |
 *   "base" | "redraw"> & {toggleSegmentation: (one: Segmentation) => void,
 *   togglePresentationState: (state: PresentationState) => void}} ViewingContext
 */

export class Viewing {
  /** @param {ViewingContext} context */
  constructor(context) {
    this.context = context;
    this.acts = new Actions(context);
    this.lists = new SeriesLists(context);
    this.magnifier = new Magnifier(context);
    acceptDrops(context, this.acts);
  }

  render() {
    renderSeries(this.context, this.acts);
  }

  /** @param {unknown} more beside the presets */
  renderBottomBar(more) {
    renderBottomBar(this.context, this.acts, more);
  }

  /** Buttons of the radio group of tools. */
  get toolButtons() {
    return toolButtons(this.context);
  }

  /** @param {HTMLElement} anchor @param {Item[]} more of other features */
  openLayoutMenu(anchor, more) {
    layoutMenu(this.context.navigation, this.acts, { anchor, more });
  }

  /** @param {HTMLElement} anchor */
  openPresetMenu(anchor) {
    presetMenu(this.acts, anchor);
  }

  /** How fast, and which part of what plays. @param {HTMLElement} anchor */
  openCineMenu(anchor) {
    cineMenu(this.acts, anchor);
  }

  /** Entries of a menu: how the picture lies. @param {HTMLElement} anchor of that menu @returns {Item[]} */
  pictureItems(anchor) {
    const { navigation, session } = this.context;
    return pictureItems(this.acts, { move: navigation.mayMove, turn: session.drives }, navigation, anchor);
  }

  /** Entries of a menu, where there are no bars for it: what is beside each other.
   * @param {HTMLElement} anchor of that menu @param {Item[]} more of other features @returns {Item[]} */
  layoutItems(anchor, more) {
    return layoutItems(this.context.navigation, this.acts, () => this.openLayoutMenu(anchor, more));
  }
}
