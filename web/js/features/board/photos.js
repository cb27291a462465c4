/** Pictures of pathology of the case on the stage: photos, not to scale; added and dropped by who prepares. */
/** @import {Picture} from "../../wire.js" */
/** @import {BoardContext} from "./board.js" */
import { ApiError } from "../../core/api-error.js";
import { preparationOf } from "../../core/board/board.js";
import { t } from "../../core/language.js";
import { ask, shown } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";
import { control, draw, html, nothing, repeat, thumbnail, tool } from "../../kit/html.js";
import { sendWhole } from "../../transport/json.js";

export class Photos {
  /** @param {BoardContext} context */
  constructor(context) {
    this.context = context;
    this.sending = 0;
    /** The case for which a file is chosen. */
    this.of = "";
    this.file = el("input", {
      type: "file",
      accept: "image/jpeg,image/png",
      multiple: true,
      hidden: true,
      "data-choose": "photos",
      onchange: () => void this.send(),
    });
    this.list = el("div", { class: "photos" });
    this.element = el("div", {}, this.list, this.file);
  }

  /** @param {string} id of a picture */
  address(id) {
    return `${this.context.base}photos/${id}`;
  }

  /** What was chosen is of the case for which it was, whatever is on the stage now. */
  async send() {
    const { base, notices, redraw } = this.context;
    const files = [...(this.file.files ?? [])];
    const to = `${base}cases/${encodeURIComponent(this.of)}/photos`;
    this.file.value = "";
    this.sending += files.length;
    for (const file of files) {
      redraw();
      try {
        const line = [...file.name.replace(/\.[^.]*$/, "")].slice(0, 160).join("");
        await sendWhole(`${to}?line=${encodeURIComponent(line)}`, file);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        notices.show({ text: error.failure.message, glyph: "warn" });
      } finally {
        this.sending -= 1;
      }
    }
    redraw();
  }

  /** @returns {boolean} there is something to be seen */
  render() {
    const { doc, standing, live } = this.context.session;
    if (!doc) return false;
    const isTold = !doc.patients_hidden || !!standing?.host; // a name may stand in them
    const pictures = isTold ? preparationOf(doc, doc.current).pictures : [];
    const adds = !!standing?.prepares;
    const choose = () => {
      this.of = doc.current;
      this.file.click();
    };
    draw(
      this.list,
      html`${repeat(
        pictures,
        (picture) => picture.id,
        (picture, n) => this.thumb(picture, n),
      )}${
        adds
          ? control({
              word: this.sending > 0 ? t("Sending") : t("Add pictures"),
              glyph: "plus",
              class: "button small",
              disabled: !live || this.sending > 0,
              do: choose,
            })
          : nothing
      }`,
    );
    return pictures.length > 0;
  }

  /** @param {Picture} picture @param {number} n */
  thumb(picture, n) {
    const name = picture.line || t("Picture {n}", { n: n + 1 });
    return html`<span class="photo" data-photo=${picture.id}><button
        type="button"
        title=${name}
        aria-label=${t("Show {name}", { name })}
        @click=${() => void this.show(picture, name)}
      >${thumbnail(this.address(picture.id))}</button>${
        this.context.session.standing?.prepares
          ? tool({ name: t("Drop {name}", { name }), glyph: "x", do: () => void this.drop(picture, name) })
          : nothing
      }</span>`;
  }

  /** Large, and said what it is. @param {Picture} picture @param {string} name */
  async show({ id, line, width, height, by_name }, name) {
    const close = () => dialog.close();
    const dialog = el(
      "dialog",
      { class: "photo-dialog", "aria-label": name },
      el("img", { src: this.address(id), alt: line || name, width, height }),
      el(
        "div",
        { class: "row" },
        el("p", { text: [line, t("Photo, not to scale"), by_name].filter(Boolean).join(" · ") }),
        el("button", { type: "button", class: "button", text: t("Close"), autofocus: true, onclick: close }),
      ),
    );
    await shown(dialog);
  }

  /** @param {Picture} picture @param {string} name */
  async drop({ id }, name) {
    const { session, command } = this.context;
    const of = session.doc?.current ?? "";
    const answer = await ask({
      title: t("Drop “{name}”?", { name }),
      text: t("Nobody sees it on this board any more."),
      choices: [
        { name: t("Cancel"), value: "", safe: true },
        { name: t("Drop"), value: "drop", class: "button final" },
      ],
    });
    if (answer === "drop") await command({ type: "drop_picture", case: session.doc?.case, of, picture: id });
  }
}
