/** What the home asks of the host API. */
/** @import {Study} from "./search.js" */
import { ApiError } from "../core/api-error.js";
import { ofServer, t } from "../core/language.js";
import { ask as askServer, readFile, sendWhole } from "../transport/json.js";
import { Links } from "../transport/links.js";
import { sendFile } from "./importing/sending.js";

/** @typedef {{name: string, role: string, online: boolean}} SeatInfo */
/** @typedef {{case: string, versions: number, status: string}} NoteInfo */
/**
 * @typedef {{id: string, title: string, host_name: string, opened_at: number, ended_at: number | null, people:
 *   number, patients: import("../core/patient.js").Patient[], studies: number, host_url: string, seats: SeatInfo[],
 *   notes: NoteInfo[], kind?: "consult" | "board"}} ConsultInfo
 */
/** @typedef {{name: string, code: string, rule: string, tag: string, value: string}} RefusedFile */
/**
 * @typedef {{id: string, name: string, files: number, settled: number, bytes: number, received: number, taken:
 *   number, duplicates: number, skipped: number, refused: Record<string, number>, studies: string[], finished:
 *   boolean, created_at: number, importing: [number, number], problem: string}} UploadInfo
 */
/** @typedef {UploadInfo & {refused_files: RefusedFile[]}} UploadInFull */
/** @typedef {{uid: string, name: string, values: Record<string, string>}} ObjectInfo */
/**
 * @typedef {{uid: string, number: number, name: string, modality: string, images: number, objects: ObjectInfo[]}}
 *   SeriesInfo objects: files that say another patient than most of the study
 */
/**
 * @typedef {{file: string, name: string, study_uid: string, modality: string, series_description: string, at: number,
 *   differing: Record<string, [string, string]>}} AsideFile
 */
/** @typedef {{files: AsideFile[], count: number}} Aside */
/**
 * @typedef {{state: "idle" | "making" | "importing" | "here" | "failed" | "interrupted", done: number, total: number,
 *   problem: string}} DemoInfo
 */

/**
 * @typedef {{consult: string, title: string, ended: boolean, patient: import("../core/patient.js").Patient | null,
 *   case: number, cases: number, critical: import("../wire.js").Critical}} OpenCritical
 */
/** @typedef {import("./record/turnaround.js").Row} TurnaroundRow */
/** How one can sign in besides the token; provider: its name, "" without one.
 * @typedef {{password: boolean, provider: string}} Ways */
/** @typedef {{name: string, full_name: string, title: string, has_password: boolean}} Account */
/** user: none where somebody has signed in by the token. @typedef {{host: boolean, user?: Account}} Session */
/**
 * @typedef {{id: string, way: "password" | "provider" | "launch" | "token", browser: string, address: string,
 *   began_at: number, used_at: number, here: boolean}} SignIn
 */
/** Seconds after the last use, and after it began, that one ends by itself.
 * @typedef {{sign_ins: SignIn[], idle_s: number, max_s: number}} SignIns */

/** Answers of a server, or of a proxy before it, that will take the piece later. */
const COME_AGAIN = [408, 409, 429, 502, 503, 504];

/** @type {() => void} */
let signedOut = () => {};

/** Called when the session is over. @param {() => void} callback */
export function onSignedOut(callback) {
  signedOut = callback;
}

/**
 * As `transport/json.js`; where the session is over, `onSignedOut` is called.
 * @template T
 * @param {string} method @param {string} path @param {object} [body]
 * @returns {Promise<T>}
 */
const ask = (method, path, body) => watched(askServer(method, path, body));

/** @template T @param {Promise<T>} asked */
async function watched(asked) {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.failure.code === "no_token") signedOut();
    throw error;
  }
}

const study = (/** @type {string} */ key) => `api/studies/${encodeURIComponent(key)}`;
const consult = (/** @type {string} */ id) => `api/consults/${encodeURIComponent(id)}`;

export const api = {
  /** @returns {Promise<Ways>} */
  ways: () => ask("GET", "api/sign-in"),
  /** Who is signed in here; it says that somebody is there. @returns {Promise<Session>} */
  session: () => ask("GET", "api/session"),
  /** @param {{token: string} | {user: string, password: string}} proof @returns {Promise<Session>} */
  signIn: (proof) => ask("POST", "api/session", proof),
  signOut: () => ask("DELETE", "api/session"),
  /** Where the same person is signed in. @returns {Promise<SignIns>} */
  signIns: () => ask("GET", "api/sign-ins"),
  /** @returns {Promise<SignIns>} */
  endSignIn: (/** @type {string} */ id) => ask("DELETE", `api/sign-ins/${encodeURIComponent(id)}`),
  /** @returns {Promise<SignIns>} */
  endOtherSignIns: () => ask("DELETE", "api/sign-ins"),
  /** @param {string} current @param {string} next */
  changePassword: (current, next) => ask("POST", "api/password", { current, new: next }),
  /** By a launch link; query: as it stood in the address. @returns {Promise<{seat: string, user: Account}>} */
  launch: (/** @type {string} */ query) => ask("POST", "api/launch", { query }),
  /** @returns {Promise<{studies: Study[]}>} */
  studies: () => ask("GET", "api/studies"),
  /** @param {string} key of the study @param {boolean} force also where consults have it; else 409 `study_in_use` */
  deleteStudy: (key, force) => ask("DELETE", `${study(key)}${force ? "?force=1" : ""}`),
  /** @returns {Promise<{series: SeriesInfo[]}>} */
  series: (/** @type {string} */ key) => ask("GET", `${study(key)}/series`),
  /** A series or a file. @param {string} key of its study @param {"series" | "objects"} kind
   * @param {string} part its UID @param {boolean} force as for studies */
  deletePart: (key, kind, part, force) =>
    ask("DELETE", `${study(key)}/${kind}/${encodeURIComponent(part)}${force ? "?force=1" : ""}`),
  /** @returns {Promise<{consults: ConsultInfo[]}>} */
  consults: () => ask("GET", "api/consults"),
  /**
   * @param {string[]} studies @param {string} title @param {string} hostName
   * @param {{leave_out?: string[], same_patient?: boolean}} [admission] where studies look like two patients'
   * @returns {Promise<{consult: string}>}
   */
  open: (studies, title, hostName, admission = {}) =>
    ask("POST", "api/consults", { studies, title, host_name: hostName, ...admission }),
  /** @param {import("./boards/lines.js").CaseWish[]} cases @param {string} title @param {string} hostName
   * @returns {Promise<{consult: string}>} */
  openBoard: (cases, title, hostName) => ask("POST", "api/boards", { cases, title, host_name: hostName }),
  /** What a list says, and what was found for each row. @param {File} file
   * @returns {Promise<import("./boards/lines.js").BoardList>} */
  readBoardList: (file) => watched(sendWhole("api/boards/list", file, "text/csv")),
  /** What ended boards have put off. @returns {Promise<{cases: import("./boards/lines.js").DeferredCase[]}>} */
  deferredCases: () => ask("GET", "api/boards/deferred"),
  /** One more case of a board. @param {string} id @param {string[]} studies @returns {Promise<{case: string}>} */
  addCase: (id, studies) => ask("POST", `${consult(id)}/cases`, { studies }),
  /** Where the minutes of a board are. @param {string} id @param {string} form */
  minutesAddress: (id, form) => `${consult(id)}/minutes.${form}`,
  /** @returns {Promise<ConsultInfo>} */
  end: (/** @type {string} */ id) => ask("DELETE", consult(id)),
  /** Its file. @param {string} id */
  exported: (id) => readFile(`${consult(id)}/export`),
  /** From its file. @param {File} file @param {Parameters<typeof sendFile>[2]} how
   * @returns {Promise<import("./importing/words.js").Imported>} */
  importConsult: (file, how) => watched(sendFile("api/consults/import", file, how)),
  /** Where a note is. @param {string} id @param {string} kase @param {string} form */
  noteAddress: (id, kase, form) => `${consult(id)}/note.${form}?case=${encodeURIComponent(kase)}`,
  /** How many studies no other consult has. @returns {Promise<{studies: number}>} */
  ownStudies: (/** @type {string} */ id) => ask("GET", `${consult(id)}/deletion`),
  /** @param {string} id @param {boolean} keep its studies @param {boolean} force else 409 `critical_open` */
  deleteConsult: (id, keep, force) =>
    ask("DELETE", `${consult(id)}/record?keep_studies=${keep ? 1 : 0}&force=${force ? 1 : 0}`),
  /** The host's own seat, also to read a consult that has ended. @returns {Promise<{seat: string}>} */
  takeSeat: (/** @type {string} */ id) => ask("POST", `${consult(id)}/seat`),
  links: (/** @type {string} */ id) => new Links(`${consult(id)}/invitations`, ask),
  /** @returns {Promise<{uploads: UploadInfo[]}>} */
  uploads: () => ask("GET", "api/uploads"),
  /** @returns {Promise<UploadInFull>} */
  upload: (/** @type {string} */ id) => ask("GET", `api/uploads/${id}`),
  /** @param {string} name @param {{name: string, size: number}[]} files @returns {Promise<UploadInfo>} */
  createUpload: (name, files) => ask("POST", "api/uploads", { name, files }),
  /** @returns {Promise<{offsets: number[], files: {name: string, size: number}[]}>} */
  offsets: (/** @type {string} */ id) => ask("GET", `api/uploads/${id}/files`),
  removeUpload: (/** @type {string} */ id) => ask("DELETE", `api/uploads/${id}`),
  /** @param {string} id @param {number} number @param {string} rule */
  giveUp: (id, number, rule) => ask("DELETE", `api/uploads/${id}/files/${number}?rule=${encodeURIComponent(rule)}`),
  /** @returns {Promise<Aside>} */
  aside: () => ask("GET", "api/set-aside"),
  takeIn: (/** @type {string} */ file) => ask("POST", `api/set-aside/${file}`),
  removeAside: (/** @type {string} */ file) => ask("DELETE", `api/set-aside/${file}`),
  /** @returns {Promise<{criticals: OpenCritical[], now: number}>} */
  criticals: () => ask("GET", "api/criticals"),
  /** @returns {Promise<{rows: TurnaroundRow[], left_out: number}>} */
  turnaround: () => ask("GET", "api/turnaround"),
  /** @returns {Promise<DemoInfo>} */
  startDemo: () => ask("POST", "api/demo"),
  /** @returns {Promise<DemoInfo>} */
  demo: () => ask("GET", "api/demo"),
};

/**
 * Send a piece of a file.
 * @param {string} id @param {number} number @param {number} offset @param {Blob} piece @param {AbortSignal} signal
 * @returns {Promise<{kind: "here", offset: number} | {kind: "cut" | "later" | "lost" | "signed out" | "too large"}
 *   | {kind: "refused", message: string}>}
 */
export async function sendPiece(id, number, offset, piece, signal) {
  const answer = await fetch(`api/uploads/${id}/files/${number}`, {
    method: "PATCH",
    credentials: "same-origin",
    body: piece,
    signal,
    headers: { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
  }).catch(() => null);
  if (!answer) return { kind: "cut" };
  const here = answer.headers.get("upload-offset");
  if ((answer.status === 204 || answer.status === 409) && here !== null) return { kind: "here", offset: Number(here) };
  if (answer.status === 404) return { kind: "lost" };
  if (answer.status === 401) {
    signedOut();
    return { kind: "signed out" };
  }
  if (COME_AGAIN.includes(answer.status)) return { kind: "later" };
  const body = await answer.json().catch(() => null);
  if (answer.status === 413 && !body?.error) return { kind: "too large" }; // a proxy's word, not the server's
  return {
    kind: "refused",
    message:
      ofServer(body?.error?.message) ||
      t("The server does not take it ({status}). It is tried again.", { status: answer.status }),
  };
}
