/** Images that are kept: K keeps the one in the active viewport, or lets it go; the list brings them back. */
/** @import {KeyImage, Viewport} from "../../wire.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { shownName } from "../../core/view/corner.js";
import { seatOf } from "../../core/session/document.js";
import { formatWindow } from "../../core/format.js";
import { sameShown, seriesKey, seriesShown } from "../../core/view/shows.js";
import { change, openSeries } from "../../core/view/view.js";
import { el, glyph, rebuild, unseen } from "../../kit/dom.js";

export class KeyImages {
  /** @param {ConsultPage} page */
  constructor(page) {
    this.page = page;
    this.element = el("div", { class: "key-images" });
  }

  /** Of the case on the stage. @returns {KeyImage[]} */
  get all() {
    const { doc } = this.page.session;
    return doc ? doc.key_images.filter((k) => k.case === doc.current) : [];
  }

  /** The key image of what the active viewport shows, if it is kept. */
  get here() {
    const at = this.page.activeViewport;
    return this.all.find((k) => at && sameShown(k.viewport.shows, at.shows)) ?? null;
  }

  /** Keep what the active viewport shows, or let it go. */
  async toggle() {
    const { page, here } = this;
    const viewport = page.activeViewport;
    if (!viewport) return;
    const error = await page.command(
      here ? { type: "drop_image", key_image: here.id } : { type: "keep_image", viewport },
    );
    if (error) return;
    page.notices.show({
      text: here ? "No longer a key image." : "Key image kept.",
      glyph: "check",
      good: true,
      action: { name: "Undo", do: () => void page.annotations.again("undo") },
    });
  }

  render() {
    const { doc, kase, me } = this.page.session;
    if (!doc || !kase) return;
    const { all } = this;
    rebuild(this.element, JSON.stringify([all, doc.seats, me, this.page.annotations.may]), () => [
      all.length > 0 &&
        el("h2", {}, el("span", { text: "Key images" }), el("span", { class: "n", text: String(all.length) })),
      all.length > 0 && el("div", { role: "list", "aria-label": "Key images" }, ...all.map((image) => this.row(image))),
    ]);
  }

  /** @param {KeyImage} image */
  row(image) {
    const { page } = this;
    const { doc, kase, me } = page.session;
    const { viewport } = image;
    const series = kase && seriesShown(kase, viewport.shows);
    const title = series ? shownName(series, viewport.shows) : "Image of another case";
    const who = image.author === me ? "" : doc && seatOf(doc, image.author)?.name;
    const second = [viewport.window && formatWindow(viewport.window), who].filter(Boolean).join(" · ");
    const thumb = el("img", {
      src: page.thumbnail(seriesKey(viewport.shows)),
      alt: "",
      loading: "lazy",
      draggable: "false",
    });
    thumb.addEventListener("error", () => (thumb.hidden = true));
    const mayDrop = page.annotations.mayDelete(image);
    return el(
      "div",
      { class: "view-card", role: "listitem", "data-key-image": image.id },
      el(
        "button",
        { type: "button", class: "mark-main", "data-name": image.id, onclick: () => this.show(viewport) },
        thumb,
        unseen("Show "),
        el(
          "span",
          { class: "two-lines" },
          el("span", { class: "first", text: title }),
          el("span", { class: "second", text: second }),
        ),
      ),
      mayDrop &&
        el(
          "button",
          {
            type: "button",
            class: "tool",
            "aria-label": `Drop ${title}`,
            title: "No longer a key image",
            onclick: () => void page.command({ type: "drop_image", key_image: image.id }),
          },
          glyph("x"),
        ),
    );
  }

  /** As it was kept, in the active viewport. @param {Viewport} kept */
  show(kept) {
    const { page } = this;
    const ready = page.ready();
    if (!ready) return page.cannot();
    const { view, scene } = ready;
    const opened = openSeries(view, view.active, scene, seriesKey(kept.shows), page.actions.links);
    const { shows, camera, window = null, invert = false } = kept;
    page.propose(
      change(opened, view.active, scene, (v) => ({ ...v, shows, camera, window, invert })),
      { pause: true },
    );
    page.sheets.close();
  }
}
