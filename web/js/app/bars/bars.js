/** All that lies around the picture, drawn anew; what has not changed stays as it is. */
/** @import {Parts} from "../features.js" */
import { renderCompactBar } from "./compact-bar.js";
import { renderDock } from "./dock.js";
import { renderPresenceBar } from "./presence-bar.js";
import { renderRail } from "./rail.js";
import { renderTopBar } from "./top-bar.js";

/** @param {Parts} parts */
export function drawBars(parts) {
  const { context, features, panel } = parts;
  const form = context.form();
  const large = form === "wide" || form === "middle";
  document.body.dataset.form = form;
  if (large) {
    renderTopBar(parts);
    renderPresenceBar(parts);
    features.viewing.renderBottomBar(features.planes.fusion.bar);
  } else {
    renderCompactBar(parts);
    renderDock(parts);
  }
  features.viewing.render();
  features.planes.render();
  features.segmentations.render();
  features.critical.render();
  panel.render();
  renderRail(parts);
  features.health.render();
  features.voice.renderTalker(!large);
  features.people.render();
  features.coverage.render();
  features.room.render();
}
