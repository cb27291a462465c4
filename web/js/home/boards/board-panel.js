/** Beside the list: a board is opened, from whatever is selected; or what is selected is one more case of one. */
/** @import {ConsultInfo} from "../api.js" */
/** @import {Study} from "../search.js" */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { el } from "../../kit/dom.js";
import { control, draw, nothing } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";
import { announce } from "../../kit/notice.js";
import { api } from "../api.js";
import { BoardDialog } from "./board-dialog.js";

/**
 * @typedef {object} BoardCallbacks
 * @property {() => readonly Study[]} all studies that are here
 * @property {() => readonly ConsultInfo[]} boards that are open
 * @property {() => string} hostName
 * @property {(consult: string, title: string) => void} opened
 * @property {() => void} added what was selected is a case now
 * @property {(message: string) => void} refused
 */

export class BoardPanel {
  /** @param {BoardCallbacks} on */
  constructor(on) {
    this.on = on;
    /** @type {readonly Study[]} */
    this.selected = [];
    this.element = el("div", { class: "to-board" });
  }

  /** @param {readonly Study[]} selected @param {boolean} onePatient */
  render(selected, onePatient) {
    this.selected = selected;
    draw(this.element, selected.length === 0 ? this.opener() : onePatient ? this.adder() : nothing);
  }

  opener() {
    return control({ word: t("Open a board"), glyph: "cases", popup: "dialog", do: () => void this.ask() });
  }

  adder() {
    const boards = this.on.boards();
    if (boards.length === 0) return nothing;
    const items = () =>
      boards.map((board) => ({ name: board.title || t("Board"), glyph: "cases", choose: () => void this.add(board) }));
    return control({
      word: t("Add to a board"),
      glyph: "plus",
      popup: "menu",
      do: ({ currentTarget }) => openMenu(currentTarget, t("Add to a board"), items()),
    });
  }

  /** A board is put together in a dialog. */
  async ask() {
    let made = { consult: "", title: "" };
    const dialog = new BoardDialog(this.on.all(), this.selected, async (cases, title) => {
      const { consult } = await api.openBoard(cases, title, this.on.hostName());
      made = { consult, title };
    });
    await dialog.show();
    if (made.consult) this.on.opened(made.consult, made.title);
  }

  /** @param {ConsultInfo} board */
  async add(board) {
    try {
      await api.addCase(
        board.id,
        this.selected.map((s) => s.uid),
      );
      announce(t("One more case of “{title}”.", { title: board.title }));
      this.on.added();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.on.refused(error.failure.message);
    }
  }
}
