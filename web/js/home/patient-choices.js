/** What a host may do where studies look like two patients': leave series out, or confirm that it is one patient. */
import { el } from "../kit/dom.js";
import { FIELD_NAMES, shownValue } from "./selection.js";
import { counted } from "./words.js";

/** @typedef {{study: string, series: string, name: string, files: string[], instances: string[], count: number,
 *   values: Record<string, string>}} Part files of one series that say the same of their patient */
/** @typedef {{leave_out?: string[], same_patient?: boolean}} Admission */

/**
 * What is left out for a part that is ticked: its series; where another part is of that series too, its files, or all
 * but them cannot be told apart and the series goes. @param {Part} part @param {Part[]} parts
 */
export function leftOut(part, parts) {
  const whole = parts.filter((p) => p.series === part.series).length === 1;
  return whole || part.count > part.instances.length ? [part.series] : part.instances;
}

/** "AI result, 1 file (004.dcm): Sex (empty)". @param {Part} part */
export function partWords({ name, files, count, values }) {
  const more = count > files.length ? ", \u2026" : "";
  const said = Object.entries(values).map(([tag, value]) => `${FIELD_NAMES[tag] ?? tag} ${shownValue(value)}`);
  return `${name}, ${counted(count, "file")} (${files.join(", ")}${more}): ${said.join(", ")}`;
}

/** The values of those parts that most files agree with come first. @param {Part[]} parts @param {Part} part */
const agrees = (parts, part) => JSON.stringify(parts[0]?.values) === JSON.stringify(part.values);

/** @param {Part[]} parts @param {(admission: Admission) => void} go */
export function choices(parts, go) {
  const boxes = parts.map((part) => ({ part, box: el("input", { type: "checkbox", checked: !agrees(parts, part) }) }));
  const chosen = () => boxes.filter(({ box }) => box.checked).flatMap(({ part }) => leftOut(part, parts));
  return el(
    "div",
    { class: "choices" },
    el("p", { text: "Leave out what is ticked, or confirm that all of it is one patient's." }),
    ...boxes.map(({ part, box }) => el("label", {}, box, el("span", { text: partWords(part) }))),
    el("button", {
      type: "button",
      class: "button small",
      text: "Open without what is ticked",
      onclick: () => go({ leave_out: chosen() }),
    }),
    el("button", {
      type: "button",
      class: "button small",
      text: "It is one patient: open all",
      onclick: () => go({ same_patient: true }),
    }),
  );
}
