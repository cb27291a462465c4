/** Gestures on the stage move the view; a press on the dock hides what is told there. */
/** @import {FeatureContext} from "../features/context.js" */
/** @import {Navigation} from "./navigation.js" */
import { find } from "../kit/dom.js";
import { Gestures, stillSideButtons } from "../stage/pointer/gestures.js";

/** @param {FeatureContext} context @param {Navigation} navigation */
export function listenToGestures({ stage, toolbox, notices }, navigation) {
  new Gestures(stage.element, stage.area, {
    ready: () => navigation.ready(),
    propose: (view, how) => navigation.propose(view, how),
    settle: () => navigation.mover.settle(),
    cannot: () => navigation.cannot(),
    swipes: () => stage.screen.screen?.only_active === true && (navigation.view?.viewports.length ?? 0) > 1,
    tool: (touch) => (touch ? toolbox.finger : toolbox.mouse),
  });
  stillSideButtons(document);
  for (const bar of ["#dock", "#compact-bar"])
    find(bar, HTMLElement).addEventListener("click", () => notices.hide(), true);
}
