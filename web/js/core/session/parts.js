/**
 * What the server tells of the document in parts: gathered, and used at once when what they belong to has come, a
 * welcome or another case on the stage. Pure.
 */
/** @import {Case, Part, Snapshot} from "../../wire.js" */

/** @typedef {"findings" | "numbers" | "notes" | "signed" | "criticals" | "seen"} SaidOfCases */
/** @typedef {SaidOfCases | "blackouts" | "coverage" | "calibrations"} Said */
/** @typedef {"preparations" | "prepared" | "decision_drafts" | "decisions" | "dissents"} OfBoard */
/** @typedef {"cases" | "seats" | "attendees" | "marks" | "key_images" | "chat"} OfAll */
/** @typedef {Pick<Snapshot, OfAll | Said | OfBoard>} Lists */

/** The parts so far and one more; the first of a name is that one alone. @param {readonly Part[]} parts
 * @param {Part} part */
export const gathered = (parts, part) => (parts[0]?.name === part.name && part.n > 1 ? [...parts, part] : [part]);

/** All that parts have, in order, and behind it what came with the message they belong to.
 * @param {readonly Part[]} parts @param {Partial<Lists>} [last] @returns {Lists} */
export function joined(parts, last = {}) {
  const all = [...parts, last];
  return {
    cases: joinCases(all.flatMap((piece) => piece.cases ?? [])),
    seats: all.flatMap((piece) => piece.seats ?? []),
    attendees: all.flatMap((piece) => piece.attendees ?? []),
    marks: all.flatMap((piece) => piece.marks ?? []),
    key_images: all.flatMap((piece) => piece.key_images ?? []),
    chat: all.flatMap((piece) => piece.chat ?? []),
    findings: all.flatMap((piece) => piece.findings ?? []),
    numbers: all.flatMap((piece) => piece.numbers ?? []),
    notes: all.flatMap((piece) => piece.notes ?? []),
    signed: all.flatMap((piece) => piece.signed ?? []),
    criticals: all.flatMap((piece) => piece.criticals ?? []),
    seen: all.flatMap((piece) => piece.seen ?? []),
    blackouts: all.flatMap((piece) => piece.blackouts ?? []),
    coverage: all.flatMap((piece) => piece.coverage ?? []),
    preparations: all.flatMap((piece) => piece.preparations ?? []),
    prepared: all.flatMap((piece) => piece.prepared ?? []),
    decision_drafts: all.flatMap((piece) => piece.decision_drafts ?? []),
    decisions: all.flatMap((piece) => piece.decisions ?? []),
    dissents: all.flatMap((piece) => piece.dissents ?? []),
    calibrations: all.flatMap((piece) => piece.calibrations ?? []),
  };
}

/** The whole snapshot of a welcome. What was read of a case that is withheld now stays on this page.
 * @param {readonly Part[]} parts @param {Snapshot} snapshot @param {Snapshot | null} before @returns {Snapshot} */
export function whole(parts, snapshot, before) {
  const lists = joined(parts, snapshot);
  return { ...snapshot, ...lists, chat: withRead(before, lists) };
}

/** The document once another case is on the stage, of which a guest is sent with it: the former one is withheld.
 * @param {Snapshot} doc @param {readonly Part[]} parts @returns {Snapshot} */
export function withCase(doc, parts) {
  if (parts.length === 0) return doc;
  const sent = joined(parts);
  const cases = doc.cases.map((c) => sent.cases.find((t) => t.id === c.id) ?? withheld(c));
  const { seats: _, attendees: __, ...lists } = sent;
  return { ...doc, ...lists, cases, chat: withRead(doc, { ...sent, cases }) };
}

/** @param {Case} kase @returns {Case} */
const withheld = ({ id }) => ({
  id,
  title: "",
  patient: { name: "", id: "", birth_date: "", sex: "", issuer: "", hidden: false },
  studies: [],
  series: [],
  unshown: [],
  segmentations: [],
  presentation_states: [],
  withheld: true,
});

/** @param {Snapshot | null} before @param {Lists} now */
function withRead(before, { cases, chat }) {
  const away = new Set(cases.filter((c) => c.withheld).map((c) => c.id));
  return [...(before?.chat ?? []).filter((m) => away.has(m.case)), ...chat];
}

/** Cases of one id, one behind the other, as one. @param {readonly Case[]} pieces */
function joinCases(pieces) {
  /** @type {Map<string, Case>} */
  const found = new Map();
  for (const piece of pieces) {
    const before = found.get(piece.id);
    found.set(
      piece.id,
      before
        ? {
            ...before,
            studies: [...before.studies, ...piece.studies],
            series: [...before.series, ...piece.series],
            unshown: [...(before.unshown ?? []), ...(piece.unshown ?? [])],
            segmentations: [...(before.segmentations ?? []), ...(piece.segmentations ?? [])],
            presentation_states: [...(before.presentation_states ?? []), ...(piece.presentation_states ?? [])],
          }
        : piece,
    );
  }
  return [...found.values()];
}
