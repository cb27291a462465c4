/** The host's home: studies, uploads, consults. */
/** @import {Account, ConsultInfo, DemoInfo, UploadInfo} from "./api.js" */
/** @import {Batch} from "./drop.js" */
/** @import {Column, Study, Wish} from "./search.js" */
import { ApiError } from "../core/api-error.js";
import { count, counted } from "../core/format.js";
import { plural, t } from "../core/language.js";
import { countPatients, namesakes } from "../core/patient.js";
import { find as element } from "../kit/dom.js";
import { InviteDialog } from "../kit/invite/invite-dialog.js";
import { session, settings, signerRole } from "../transport/storage.js";
import { applySettings } from "../kit/settings.js";
import { loadGlyphs } from "../kit/sprite.js";
import { announce } from "../kit/notice.js";
import { api, onSignedOut } from "./api.js";
import { askEnd, consultName, offerOf, renderConsults } from "./consult-list.js";
import { ConsultImports } from "./importing/consult-imports.js";
import { Layout } from "./layout.js";
import { OpenPanel } from "./open-panel.js";
import { exportConsult, removeConsult } from "./removal/consult.js";
import { find } from "./search.js";
import { CriticalList } from "./record/critical-list.js";
import { TurnaroundTable } from "./record/turnaround-table.js";
import { SetAside } from "./set-aside/set-aside.js";
import { showSignIn, signInByAddress } from "./signing-in/sign-in.js";
import { PORTION, StudyList } from "./study-list.js";
import { UploadCards } from "./upload-cards.js";
import { continuation, FinishedCards, lists } from "./upload-queue.js";
import { Uploader } from "./uploader.js";

/** @typedef {"studies" | "consults" | "turnaround"} View */
/** @typedef {Pick<Batch, "name" | "files">} List */

const BUSY_MS = 1000;
const QUIET_MS = 4000;
/** That somebody is here is said to the server so often at most: a sign-in ends when nobody has been for long. */
const USED_MS = 5 * 60_000;

export class HomePage {
  constructor() {
    /** @type {Study[]} */
    this.studies = [];
    /** @type {ConsultInfo[]} */
    this.consults = [];
    /** @type {UploadInfo[]} */
    this.uploads = [];
    /** @type {DemoInfo | null} */
    this.demo = null;
    /** @type {Set<string>} */
    this.selected = new Set();
    /** @type {Map<string, Uploader>} */
    this.uploaders = new Map();
    /** @type {Wish} */
    this.wish = { text: "", modality: "", days: 0, column: "acquired", falling: true };
    this.portion = PORTION;
    /** @type {View} */
    this.view = "studies";
    this.known = "";
    this.problem = "";
    /** Why the last act was refused; it stays until the next. */
    this.refusal = "";
    /** Who is signed in; null: by the server's token, which is nobody's name. @type {Account | null} */
    this.account = null;
    this.loaded = false;
    this.timer = 0;
    this.usedAt = 0;
    this.polling = false;
    this.list = new StudyList({
      select: (uid, on) => this.select(uid, on),
      sort: (column) => this.sort(column),
      open: () => this.openFromList(),
      more: () => {
        this.portion += PORTION;
        this.render();
      },
    });
    this.panel = new OpenPanel({
      opened: (consult, title) => void this.opened(consult, title),
      clear: () => {
        this.selected.clear();
        this.render();
      },
      deleted: () => {
        this.selected.clear();
        void this.poll();
      },
      changed: () => void this.poll(true),
      all: () => this.studies,
      boards: () => this.consults.filter((c) => c.kind === "board" && c.ended_at === null),
    });
    this.finished = new FinishedCards();
    this.cards = new UploadCards((id) => void this.removeUpload(id));
    this.aside = new SetAside(() => void this.poll(true));
    this.criticals = new CriticalList((consult) => this.enter(consult));
    this.turnaround = new TurnaroundTable();
    this.imports = new ConsultImports({
      changed: () => this.render(),
      done: () => void this.poll(),
      read: (consult) => void this.enter(consult),
    });
    this.layout = new Layout(this);
  }

  /** Fill the page for who is signed in, and keep it up to date. */
  async start() {
    const { user } = await api.session();
    this.account = user ?? null;
    this.panel.invitesAs(this.account?.full_name ?? "");
    if (this.account?.title) signerRole.set(this.account.full_name, this.account.title);
    this.refusal = "";
    this.usedAt = performance.now();
    document.body.dataset.state = "live";
    document.title = t("Studies · consult");
    element("#app", HTMLElement).replaceChildren(...this.layout.parts);
    this.layout.listen();
    this.render();
    void this.poll(true);
  }

  /** Ask the server anew; studies only where they may have changed. @param {boolean} [whole] */
  async poll(whole = false) {
    clearTimeout(this.timer);
    if (document.body.dataset.state !== "live" || this.polling) return;
    this.polling = true;
    try {
      if (!document.hidden || whole) await this.ask(whole);
      this.problem = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.failure.code === "no_token" ? "" : error.failure.message;
    } finally {
      this.polling = false;
      this.timer = setTimeout(() => void this.poll(), this.busy || this.problem ? BUSY_MS : QUIET_MS);
    }
    this.render();
  }

  /** @param {boolean} whole */
  async ask(whole) {
    const [{ uploads }, { consults }] = await Promise.all([
      api.uploads(),
      api.consults(),
      this.aside.poll(),
      this.criticals.poll(),
    ]);
    this.uploads = uploads;
    this.consults = consults;
    if (this.demo?.state !== "idle") this.demo = await api.demo();
    const known = JSON.stringify([uploads.map((u) => [u.id, u.taken]), this.demo?.state]);
    if (whole || known !== this.known || !this.busy) await this.askStudies();
    this.known = known;
  }

  async askStudies() {
    const { studies } = await api.studies();
    const came = studies.length - this.studies.length;
    if (this.loaded && came > 0) announce(plural(came, "{n} new study in the list", "{n} new studies in the list"));
    this.studies = studies;
    this.loaded = true;
    const uids = new Set(studies.map((s) => s.uid));
    for (const uid of this.selected) if (!uids.has(uid)) this.selected.delete(uid);
  }

  /** Somebody does something. */
  used() {
    const now = performance.now();
    if (now - this.usedAt < USED_MS || document.body.dataset.state !== "live") return;
    this.usedAt = now;
    void api.session().catch(() => {}); // the next question has the same answer, and shows it
  }

  /** Something is under way that the page shows. */
  get busy() {
    return (
      this.uploads.some((u) => !u.finished && (this.uploaders.has(u.id) || u.received >= u.bytes)) ||
      ["making", "importing"].includes(this.demo?.state ?? "")
    );
  }

  render() {
    if (document.body.dataset.state !== "live") return;
    const found = find(this.studies, this.wish, Date.now());
    const patients = this.studies.map((s) => s.patient);
    this.list.render(
      found.slice(0, this.portion),
      (study) => namesakes(study.patient, patients),
      this.selected,
      this.wish,
      this.footLine(found.length),
      found.length > this.portion,
    );
    const selected = this.studies.filter((s) => this.selected.has(s.uid));
    this.panel.render(selected, selected[0] ? namesakes(selected[0].patient, patients) : "");
    this.cards.render(
      this.uploads
        .filter((u) => this.isShown(u))
        .map((upload) => ({ upload, uploader: this.uploaders.get(upload.id) })),
      this.studies,
    );
    this.aside.render();
    this.criticals.render();
    const { imports } = this;
    const on = {
      bring: () => imports.choose(),
      links: (/** @type {ConsultInfo} */ c) => void this.links(c),
      enter: (/** @type {ConsultInfo} */ c) => void this.enter(c.id),
      end: (/** @type {ConsultInfo} */ c) => void this.end(c),
      save: (/** @type {ConsultInfo} */ c) => void this.attempt(() => exportConsult(c)),
      remove: (/** @type {ConsultInfo} */ c) => void this.attempt(() => removeConsult(c)),
    };
    const now = Date.now() / 1000;
    renderConsults(this.layout.running, this.consults, on, { ended: false }, now);
    renderConsults(this.layout.allConsults, this.consults, on, { ended: true, above: imports.template() }, now);
    this.layout.render();
  }

  /** @param {UploadInfo} upload */
  isShown(upload) {
    const stays = this.finished.stays(upload, performance.now());
    return !upload.finished || (stays && !session.get(`closed ${upload.id}`));
  }

  /** @param {number} found */
  footLine(found) {
    if (!this.loaded) return "";
    const keys = t("Enter opens a consult, Space selects.");
    const all = this.studies.length;
    const patients = counted(countPatients(this.studies.map((s) => s.patient)), "patient");
    const studies = counted(all, "study", "studies");
    if (found === all) return `${all ? t("{studies} of {patients}", { studies, patients }) : studies}. ${keys}`;
    const { text } = this.wish;
    if (!text) return `${t("{found} of {studies}", { found: count(found), studies })}. ${keys}`;
    const values = { found: count(found), studies, text };
    const match = plural(found, "{found} of {studies} matches “{text}”", "{found} of {studies} match “{text}”", values);
    return `${match}. ${keys}`;
  }

  /** @param {string} uid @param {boolean} on */
  select(uid, on) {
    if (on) this.selected.add(uid);
    else this.selected.delete(uid);
    this.render();
  }

  /** @param {Column} column */
  sort(column) {
    this.wish.falling =
      this.wish.column === column ? !this.wish.falling : ["acquired", "series", "images"].includes(column);
    this.wish.column = column;
    this.render();
  }

  /** Enter on a row: a consult on what is selected, or on that row. */
  openFromList() {
    const box = document.activeElement;
    if (this.selected.size === 0 && box instanceof HTMLInputElement && box.dataset.study)
      this.select(box.dataset.study, true);
    void this.panel.open();
  }

  /** @param {string} consult @param {string} title */
  async opened(consult, title) {
    this.selected.clear();
    await this.poll();
    const found = this.consults.find((c) => c.id === consult);
    await new InviteDialog(api.links(consult), title, offerOf(found)).show();
    void this.poll();
  }

  /** @param {ConsultInfo} consult */
  async links(consult) {
    const title = consult.title || consultName(consult);
    const over = consult.ended_at !== null;
    const offer = over ? { roles: ["reader"] } : offerOf(consult);
    await new InviteDialog(api.links(consult.id), title, offer).show();
    void this.poll();
  }

  /** Into the host's own seat. @param {string} consult */
  async enter(consult) {
    await this.attempt(async () => location.assign((await api.takeSeat(consult)).seat));
  }

  /** @param {ConsultInfo} consult */
  async end(consult) {
    if (await askEnd(consult, this.criticals.endingWords(consult.id))) await this.attempt(() => api.end(consult.id));
  }

  /** @param {Batch} batch */
  async send(batch) {
    if (batch.files.length === 0) return;
    const studies = await this.imports.takeFrom(batch.files);
    if (studies.length < batch.files.length) this.layout.show("consults", t("Consults"));
    const parts = lists(studies);
    for (const [i, files] of parts.entries()) {
      const part = parts.length > 1 ? `, ${t("part {n} of {count}", { n: i + 1, count: parts.length })}` : "";
      await this.attempt(() =>
        this.sendList({ name: part ? `${batch.name || t("Files")}${part}` : batch.name, files }),
      );
    }
  }

  /** @param {List} list */
  async sendList({ name, files }) {
    if (await this.resume({ name, files })) return;
    const created = await api.createUpload(
      name,
      files.map(({ name, size }) => ({ name, size })),
    );
    this.uploads = [created, ...this.uploads];
    this.begin(
      created.id,
      files,
      files.map(() => 0),
    );
    this.render();
  }

  /** The same files as of an upload that was stopped: go on with that. @param {List} batch */
  async resume(batch) {
    for (const upload of this.uploads) {
      if (upload.finished || this.uploaders.has(upload.id) || upload.files !== batch.files.length) continue;
      const { offsets, files } = await api.offsets(upload.id);
      const found = continuation(batch.files, files, offsets);
      if (!found) continue;
      this.begin(upload.id, found, offsets);
      return true;
    }
    return false;
  }

  /** @param {string} id @param {(import("./uploader.js").LocalFile | null)[]} files @param {number[]} offsets */
  begin(id, files, offsets) {
    const uploader = new Uploader(id, files, offsets, () => this.render());
    this.uploaders.set(id, uploader);
    void uploader.done.then(() => {
      if (uploader.phase === "sent") this.uploaders.delete(id);
      void this.poll();
    });
  }

  /** @param {string} id */
  async removeUpload(id) {
    this.uploaders.get(id)?.stop();
    this.uploaders.delete(id);
    session.set(`closed ${id}`, "1");
    if (this.uploads.find((u) => u.id === id)?.finished) this.render();
    else await this.attempt(() => api.removeUpload(id));
  }

  async startDemo() {
    await this.attempt(async () => {
      this.demo = await api.startDemo();
    });
  }

  /** @param {() => Promise<unknown>} act */
  async attempt(act) {
    this.refusal = "";
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.refusal = error.failure.message;
    }
    await this.poll();
    this.render();
  }

  async signOut() {
    await this.attempt(() => api.signOut());
    void showSignIn("", () => location.reload());
  }
}

async function begin() {
  applySettings(settings);
  void loadGlyphs();
  const problem = await signInByAddress();
  element("#loading", HTMLElement).hidden = true;
  const home = new HomePage();
  const open = async (/** @type {string} */ problem) => {
    try {
      await home.start();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const why = problem || (error.failure.code === "no_token" ? "" : error.failure.message);
      await showSignIn(why, () => void open(""));
    }
  };
  onSignedOut(() => {
    if (document.body.dataset.state !== "live") return;
    void showSignIn(t("Your session is over. Sign in again."), () => void open(""));
  });
  await open(problem);
}

void begin();
