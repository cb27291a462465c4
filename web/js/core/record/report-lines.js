/** The lines of a structured report in the words of who reads them: dates, and what the server says of its own. */
import { formatDate, formatTime } from "../format.js";
import { ofServer } from "../language.js";

/** @typedef {{level: number, kind: "title" | "heading" | "text" | "measurement" | "moment" | "state" | "note",
 *   name: string, value: string, ours?: boolean}} Line as consult/dicom/pages/records.py has it */

/** How a measurement begins that is none, in words of the server; else it is what the file says. */
const NO_VALUE = /^no value/;

/** What stands there. The file's own words stay as they are. @param {Line} line */
export const reportLine = ({ kind, name, value, ours = false }) => ({
  name: kind === "note" ? noteText(name) : ours ? ofServer(name) : name,
  value: valueText(kind, value),
});

/** @param {Line["kind"]} kind @param {string} value */
function valueText(kind, value) {
  if (kind === "moment") return [formatDate(value), formatTime(value)].filter(Boolean).join(" ");
  if (kind === "state") return value.split(", ").map(ofServer).join(", ");
  return kind === "measurement" && NO_VALUE.test(value) ? ofServer(value) : value;
}

/** A note is ours, but for what it is about: "Source: refers to an image". @param {string} note */
function noteText(note) {
  const whole = ofServer(note);
  return whole === note ? note.replace(/[^:\s][^:]*$/, ofServer) : whole;
}
