/** Presentation states of the active series: the menu above the picture, and entries of More on small screens. */
/** @import {FeatureContext} from "../context.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {PresentationState} from "../../wire.js" */
import { t } from "../../core/language.js";
import { chosen, left, stateLines, stateName, statesOf } from "../../core/presentation-states/states.js";
import { control, icon, nothing } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";
import { settings } from "../../transport/storage.js";

export class PresentationStates {
  /** @param {Pick<FeatureContext, "session" | "navigation">} context */
  constructor(context) {
    this.context = context;
  }

  /** Those that are for images of the active series. @returns {PresentationState[]} */
  get offered() {
    const { session, navigation } = this.context;
    const { activeSeries } = navigation;
    return session.kase && activeSeries ? statesOf(session.kase, activeSeries.key) : [];
  }

  /** The key of the one that is chosen; "" where none is. */
  get now() {
    return this.context.navigation.activeViewport?.presentation_state ?? "";
  }

  /** @param {PresentationState} state */
  choose({ key }) {
    this.context.navigation.change((view, scene) => chosen(view, scene, key, settings.pixelsPerMm));
  }

  leave() {
    this.context.navigation.change(left);
  }

  /** @param {PresentationState} state */
  toggle(state) {
    if (this.now === state.key) this.leave();
    else this.choose(state);
  }

  /** Opens the menu; nothing where there are none of the series. */
  get button() {
    const { mayMove, whyNot } = this.context.navigation;
    const { offered } = this;
    if (offered.length === 0) return nothing;
    return control({
      id: "presentation-states",
      label: t("Presentation states, {n}", { n: offered.length }),
      title: mayMove ? t("How the images were shown by others") : whyNot,
      class: "button small bare",
      disabled: !mayMove,
      popup: "menu",
      glyph: "window",
      word: t("Presentation states"),
      more: icon("down"),
      do: ({ currentTarget }) => openMenu(currentTarget, t("Presentation states"), this.choices),
    });
  }

  /** @returns {Item[]} */
  get choices() {
    return [
      { name: t("None, as in the files"), checked: this.now === "", choose: () => this.leave() },
      ...this.offered.map((state, i) => ({
        name: state.name || t("Presentation state"),
        below: stateLines(state),
        checked: this.now === state.key,
        line: i === 0,
        choose: () => this.choose(state),
      })),
    ];
  }

  /** On small screens. @returns {Item[]} */
  get items() {
    if (!this.context.navigation.mayMove) return [];
    return this.offered.map((state, i) => ({
      name: stateName(state),
      below: stateLines(state),
      glyph: this.now === state.key ? "check" : "window",
      line: i === 0,
      choose: () => this.toggle(state),
    }));
  }
}
