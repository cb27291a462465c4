/** The features of the page: the one list in which they are registered, in the order in which they get changes. */
/** @import {Action} from "../core/input/keys.js" */
/** @import {Act, FeatureContext, Tab} from "../features/context.js" */
/** @import {ControlLink} from "./control-link.js" */
/** @import {Panel} from "./bars/panel.js" */
import { BoardTab } from "../features/board/board.js";
import { Chat } from "../features/chat/chat.js";
import { Control } from "../features/control/control.js";
import { Coverage } from "../features/coverage/coverage.js";
import { CriticalResults } from "../features/critical/critical.js";
import { Findings } from "../features/findings/findings.js";
import { Follow } from "../features/follow/follow.js";
import { ConnectionHealth } from "../features/health/health.js";
import { Invite } from "../features/invite/invite.js";
import { Marks } from "../features/marks/marks.js";
import { Note } from "../features/note/note.js";
import { People } from "../features/people/people.js";
import { Privacy } from "../features/privacy/privacy.js";
import { Planes } from "../features/planes/planes.js";
import { PresentationStates } from "../features/presentation-states/presentation-states.js";
import { Room } from "../features/room/room.js";
import { ReportText } from "../features/report/report.js";
import { Segmentations } from "../features/segmentations/segmentations.js";
import { Viewing } from "../features/viewing/viewing.js";
import { Voice } from "../features/voice/voice.js";

/** @typedef {ReturnType<typeof mountFeatures>} Features */
/**
 * What bars are made from.
 * @typedef {{context: FeatureContext, features: Features, panel: Panel, link: ControlLink}} Parts
 */

/** @param {FeatureContext} context @param {(tab: string) => boolean} reads whether a tab can be read just now */
export function mountFeatures(context, reads) {
  const follow = new Follow(context);
  const marks = new Marks({
    ...context,
    pointing: () => people.pointing.busy,
    makeFinding: (mark) => void findings.make(mark),
  });
  const findings = new Findings({
    ...context,
    selectedMark: () => marks.annotations.selected,
    goToMark: (mark) => marks.list.jump(mark),
    raiseCritical: (finding) => void critical.raise(finding),
  });
  const segmentations = new Segmentations(context);
  const presentationStates = new PresentationStates(context);
  const voice = new Voice(context);
  const people = new People({
    ...context,
    marking: () => marks.annotations.held !== null,
    silent: () => voice.state === "phone",
  });
  const critical = new CriticalResults({ ...context, showFinding: (id) => goToFinding(context, marks, id) });
  return {
    board: new BoardTab(context),
    follow,
    marks,
    findings,
    people,
    control: new Control(context),
    coverage: new Coverage(context),
    chat: new Chat({ ...context, reading: () => reads("chat") }),
    note: new Note({
      ...context,
      reading: () => reads("note"),
      goToMark: (mark) => marks.list.jump(mark),
      toFinding: (id) => {
        context.openTab("findings");
        findings.list.focus(id);
      },
    }),
    voice,
    critical,
    health: new ConnectionHealth(context),
    invite: new Invite(context),
    privacy: new Privacy(context),
    viewing: new Viewing({
      ...context,
      toggleSegmentation: (one) => segmentations.toggle(one),
      togglePresentationState: (state) => presentationStates.toggle(state),
    }),
    planes: new Planes(context),
    segmentations,
    presentationStates,
    report: new ReportText(context),
    room: new Room(context),
  };
}

/** Where a finding is: its first key view as it was kept, else its first mark. @param {FeatureContext} context
 * @param {Marks} marks @param {string} id */
function goToFinding({ session, openView }, marks, id) {
  const finding = session.doc?.findings.find((f) => f.id === id);
  const mark = session.doc?.marks.find((m) => finding?.marks.includes(m.id));
  const kept = finding?.views[0];
  if (finding && kept) openView({ case: finding.case, view: kept.view });
  else if (mark) marks.list.jump(mark);
}

/** The tabs of the panel, in their order. @param {Features} features @returns {[Tab, ...Tab[]]} */
export const tabsOf = ({ board, marks, chat, findings, note }) => [board, marks, chat, findings, note];

/** What this participant can do about following and control. @param {Features} features @returns {Act[]} */
export const driveActs = ({ follow, control }) => [...follow.acts, ...control.acts];

/** @typedef {Partial<Record<Action, () => unknown>>} Actions */

/**
 * Do what a key asks for, where a feature has it as its own.
 * @param {Features} features
 * @param {Action} action
 * @returns {boolean}
 */
export function actOf(features, action) {
  /** @type {Actions[]} */
  const all = Object.values(features).flatMap((feature) => ("actions" in feature ? [feature.actions] : []));
  const act = all.find((actions) => actions[action])?.[action];
  act?.();
  return act !== undefined;
}
