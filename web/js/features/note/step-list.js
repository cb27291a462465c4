/** What is recommended as it is read: a text, or step by step with who does it until when. */
import { stepsOf, stepWords } from "../../core/record/note/steps.js";
import { html, nothing } from "../../kit/html.js";

/** @param {string} text of the recommendation */
export function recommended(text) {
  const steps = stepsOf(text);
  if (steps.length === 0) return html`<p class="said">${text}</p>`;
  return html`<ul class="note-steps">${steps.map((step) => {
    const words = stepWords(step);
    const more = words ? html`<span class="note-said">${words}</span>` : nothing;
    return html`<li><strong>${step.what}</strong>${more}</li>`;
  })}</ul>`;
}
