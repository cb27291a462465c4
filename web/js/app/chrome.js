/** All that lies around the picture, drawn anew: each part where it has changed. */
/** @import {ConsultPage} from "./consult-page.js" */
import { renderBottomBar } from "../features/viewing/bottom-bar.js";
import { renderCompactBar } from "./compact.js";
import { renderDock } from "./dock.js";
import { renderHealth } from "../features/health/health.js";
import { renderPresenceBar } from "./presence-bar.js";
import { renderRail } from "./rail.js";
import { renderSeries } from "../features/viewing/series-list.js";
import { renderTopBar } from "./top-bar.js";
import { renderTalker } from "../features/voice/voice-bar.js";

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
