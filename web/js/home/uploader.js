/** Sends the files of one upload: a few at once, in pieces, again and again until the server has them. */
import { ApiError } from "../core/api-error.js";
import { t } from "../core/language.js";
import { api, sendPiece } from "./api.js";
import { backoff, UploadQueue } from "./upload-queue.js";
import { Rate } from "./words.js";

/** @typedef {{name: string, size: number, file: File}} LocalFile */
/** @typedef {"sending" | "waiting" | "sent" | "lost" | "stopped" | "failed"} Phase waiting: the connection is cut */

const LANES = 3;
const FULL_DISK_MS = 5000;
/** Of one piece, in a row: then its length is not the reason. */
const MANY_FAILURES = 8;
const TOO_LARGE = t("A proxy before the server takes no piece of a file, however small. It is tried again.");
const UNREADABLE = t("the file cannot be read on the computer that sends it");

export class Uploader {
  /**
   * @param {string} id
   * @param {(LocalFile | null)[]} files in the server's order; null: the server has it
   * @param {number[]} offsets
   * @param {() => void} onChange
   */
  constructor(id, files, offsets, onChange) {
    this.id = id;
    this.files = files;
    this.queue = new UploadQueue(
      files.map((file, i) => file?.size ?? offsets[i] ?? 0),
      offsets,
    );
    this.onChange = onChange;
    /** @type {Phase} */
    this.phase = "sending";
    this.problem = "";
    this.rate = new Rate();
    this.aborter = new AbortController();
    /** Of each file, in a row. @type {Map<number, number>} */
    this.failures = new Map();
    /** @type {Promise<void> | null} */
    this.recovering = null;
    // A page that goes away cannot read its files any more; that says nothing of them, and they can be dropped again.
    const here = new AbortController();
    addEventListener("pagehide", ({ persisted }) => persisted || this.stop(), { signal: here.signal });
    this.done = this.run().finally(() => here.abort());
  }

  /** Send, until the server has all of it. */
  async run() {
    while (this.phase !== "stopped" && this.phase !== "lost") {
      await Promise.all(Array.from({ length: LANES }, () => this.lane()));
      if (this.over || (await this.allIsThere())) break;
    }
  }

  /** Do not send any more. */
  stop() {
    this.become("stopped");
    this.aborter.abort();
  }

  get over() {
    return this.phase === "stopped" || this.phase === "lost";
  }

  /** Whether the server has, or has settled, all of it; a server that came back may have less than it acknowledged. */
  async allIsThere() {
    await this.recover();
    if (!this.over && this.queue.done) this.become("sent");
    return this.queue.done;
  }

  async lane() {
    while (!this.over) {
      if (this.recovering) await this.recovering;
      const piece = this.over ? null : this.queue.next();
      if (!piece) return;
      await this.send(piece);
    }
  }

  /** @param {import("./upload-queue.js").Piece} piece */
  async send(piece) {
    const file = this.files[piece.number]?.file;
    if (!file) return this.queue.giveUp(piece.number);
    const began = performance.now();
    const answer = await sendPiece(
      this.id,
      piece.number,
      piece.offset,
      file.slice(piece.offset, piece.offset + piece.length),
      this.aborter.signal,
    );
    if (answer.kind === "here") {
      this.queue.sent(piece.number, answer.offset);
      this.failures.delete(piece.number);
      this.queue.tune(piece.length, performance.now() - began);
      this.rate.add(this.queue.here, performance.now() / 1000);
      this.become("sending");
      return;
    }
    this.queue.failed(piece.number);
    if (this.over) return;
    if (answer.kind === "lost") return this.become("lost");
    if (answer.kind === "too large" && this.queue.tooLarge(piece.length)) return;
    if (answer.kind === "refused" || answer.kind === "too large") {
      this.become("waiting", answer.kind === "refused" ? answer.message : TOO_LARGE);
      await pause(FULL_DISK_MS);
    } else if (!(await readable(file))) {
      if (!this.over) await this.giveUp(piece.number);
    } else {
      await this.recover();
      await this.afterFailure(piece, answer.kind);
    }
  }

  /** The file will not come. @param {number} number */
  async giveUp(number) {
    this.queue.giveUp(number);
    await api.giveUp(this.id, number, UNREADABLE).catch(() => undefined);
  }

  /**
   * A server that answers and yet does not take the piece is not asked at once again. Where the connection was cut
   * twice by the same piece, a proxy may think it too large.
   * @param {import("./upload-queue.js").Piece} piece @param {string} kind
   */
  async afterFailure({ number, length }, kind) {
    const failures = (this.failures.get(number) ?? 0) + 1;
    this.failures.set(number, failures);
    if (failures < 2) return;
    if (kind === "cut" && failures < MANY_FAILURES && this.queue.tooLarge(length)) return;
    this.become("waiting");
    await pause(backoff(failures));
  }

  /** Ask until the server answers what it has; all lanes wait for the one who asks. */
  recover() {
    this.recovering ??= this.askWhatIsThere().finally(() => {
      this.recovering = null;
    });
    return this.recovering;
  }

  async askWhatIsThere() {
    for (let n = 0; !this.over; n++) {
      try {
        const { offsets } = await api.offsets(this.id);
        this.queue.resync(offsets);
        if (n > 0) this.become("sending");
        return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.failure.status === 404) return this.become("lost");
        this.become("waiting");
        await Promise.race([pause(backoff(n)), online()]);
      }
    }
  }

  /** @param {Phase} phase @param {string} [problem] */
  become(phase, problem = "") {
    if (this.phase === "stopped") return;
    this.phase = phase;
    this.problem = problem;
    this.onChange();
  }
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const online = () => new Promise((resolve) => addEventListener("online", resolve, { once: true }));

/** A file that was changed or removed since it was chosen cannot be read; fetch does not say so. @param {File} file */
async function readable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
