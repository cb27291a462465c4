/** Opens the dialog in which a note is signed, and tells it what happens meanwhile. */
/** @import {Stop} from "../../core/record/note/stops.js" */
/** @import {Note} from "./note.js" */
import { seatOf } from "../../core/session/document.js";
import { stopsOf } from "../../core/record/note/stops.js";
import { signerRole } from "../../transport/storage.js";
import { SignDialog } from "./sign-dialog.js";

export class NoteSigning {
  /** @param {Note} note */
  constructor(note) {
    this.note = note;
    /** @type {SignDialog | null} */
    this.dialog = null;
  }

  render() {
    this.dialog?.render();
  }

  /** @returns {Stop[]} */
  get stops() {
    const { context, editor, writings } = this.note;
    const { doc, me, live } = context.session;
    return doc ? stopsOf({ doc, me, live, writings, unstored: editor.unstored }) : [];
  }

  /** First what is under the hand is stored. */
  async open() {
    const { note } = this;
    if (this.dialog) return;
    if (note.context.session.live) await note.editor.flush();
    const { doc, me } = note.context.session;
    if (!doc) return;
    const name = seatOf(doc, me)?.name ?? "";
    const who = { me, name, role: signerRole.get(name), seen: note.shownStudies };
    this.dialog = new SignDialog(
      {
        doc: () => note.context.session.doc,
        stops: () => this.stops,
        go: (place) => note.acts.go(place),
        read: (version) => note.read(version),
        sign: (wish) => this.sign(wish),
      },
      who,
    );
    await this.dialog.open();
    this.dialog = null;
  }

  /** @param {Omit<import("../../wire.js").SignNote, "id">} wish */
  async sign(wish) {
    const error = await this.note.context.request(wish);
    if (!error) signerRole.set(wish.signer.name, wish.signer.role);
    return error;
  }
}
