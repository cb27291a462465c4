/** All that lies around the picture, drawn anew: each part where it has changed. */
/** @import {ConsultPage} from "./consult-page.js" */
import { renderBottomBar } from "./bottom-bar.js";
import { renderCompactBar } from "./compact.js";
import { renderDock } from "./dock.js";
import { renderHealth } from "./health.js";
import { renderPresenceBar } from "./presence-bar.js";
import { renderRail } from "./rail.js";
import { renderSeries } from "./series-list.js";
import { renderTopBar } from "./top-bar.js";
import { renderTalker } from "./voice-bar.js";

/** @param {ConsultPage} page */
export function drawChrome(page) {
  const { form } = page;
  document.body.dataset.form = form;
  page.lost.hidden = page.session.phase === "live" || !page.session.liveOnce || form === "wide" || form === "middle";
  if (form === "wide" || form === "middle") {
    renderTopBar(page);
    renderPresenceBar(page);
    renderBottomBar(page);
  } else {
    renderCompactBar(page);
    renderDock(page);
  }
  renderSeries(page);
  renderRail(page);
  renderHealth(page);
  renderTalker(page);
  page.people.draw();
}
