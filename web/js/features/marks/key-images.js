/** Images that are kept: K keeps the one in the active viewport, or lets it go; the list brings them back. */
/** @import {KeyImage} from "../../wire.js" */
/** @import {AnnotationController} from "./annotation-controller.js" */
/** @import {MarksContext} from "./marks.js" */
import { t } from "../../core/language.js";
import { seatOf } from "../../core/session/document.js";
import { formatWindow, thumbnailUrl } from "../../core/format.js";
import { shownWords, studyWords } from "../../core/view/image-words.js";
import { sameShown, seriesKey, seriesShown } from "../../core/view/shows.js";
import { planeAlone } from "../../core/planes/layouts.js";
import { planeOf } from "../../core/planes/parts.js";
import { openSeries } from "../../core/view/opening/series.js";
import { change } from "../../core/view/view.js";
import { el } from "../../kit/dom.js";
import { control, draw, html, nothing, repeat, thumbnail, unseen } from "../../kit/html.js";

export class KeyImages {
  /** @param {MarksContext} context @param {AnnotationController} annotations */
  constructor(context, annotations) {
    this.context = context;
    this.annotations = annotations;
    this.element = el("div", { class: "key-images" });
  }

  /** Of the case on the stage. @returns {KeyImage[]} */
  get all() {
    const { doc } = this.context.session;
    return doc ? doc.key_images.filter((k) => k.case === doc.current) : [];
  }

  /** The key image of what the active viewport shows, if it is kept. */
  get here() {
    const at = this.context.navigation.activeViewport;
    return this.all.find((k) => at && sameKept(k.viewport, at)) ?? null;
  }

  /** Keep what the active viewport shows, or let it go. */
  async toggle() {
    const { here } = this;
    const { navigation, command, notices } = this.context;
    const viewport = navigation.activeViewport;
    const epoch = this.context.session.doc?.case;
    if (!viewport) return;
    const error = await command(here ? { type: "drop_image", key_image: here.id } : { type: "keep_image", viewport });
    if (error) return;
    notices.show({
      text: here ? t("No longer a key image.") : t("Key image kept."),
      glyph: "check",
      good: true,
      action: { name: t("Undo"), do: () => void this.annotations.acts.again("undo", epoch) },
    });
  }

  render() {
    const { doc, kase } = this.context.session;
    if (!doc || !kase) return;
    const { all } = this;
    draw(
      this.element,
      all.length > 0
        ? html`<h2><span>${t("Key images")}</span><span class="n">${all.length}</span></h2>
            <div role="list" aria-label=${t("Key images")}>${repeat(
              all,
              (image) => image.id,
              (image) => this.row(image),
            )}</div>`
        : nothing,
    );
  }

  /** @param {KeyImage} image */
  row(image) {
    const { session, command, base } = this.context;
    const { doc, kase, me } = session;
    const { viewport } = image;
    const series = kase && seriesShown(kase, viewport.shows);
    const title = series ? shownWords(series, viewport.shows) : t("Image of another case");
    const of = kase && series ? studyWords(kase, series) : "";
    const who = image.author === me ? "" : doc && seatOf(doc, image.author)?.name;
    const second = [viewport.window && formatWindow(viewport.window), who].filter(Boolean).join(" · ");
    return html`<div class="view-card" role="listitem" data-key-image=${image.id}>
      <button type="button" class="mark-main" data-name=${image.id} @click=${() => this.show(image)}>${thumbnail(
        thumbnailUrl(base, seriesKey(viewport.shows)),
      )}${unseen(`${t("Show")} `)}<span class="two-lines"
        ><span class="first">${title}</span><span class="second">${of}</span>${
          second ? html`<span class="second">${second}</span>` : nothing
        }</span></button>${
          this.annotations.acts.mayDelete(image)
            ? control({
                label: t("Drop {title}", { title }),
                title: t("No longer a key image"),
                glyph: "x",
                class: "tool",
                do: () => void command({ type: "drop_image", key_image: image.id }),
              })
            : nothing
        }</div>`;
  }

  /** As it was kept, in the active viewport. @param {KeyImage} image */
  show({ case: of, viewport: kept }) {
    const { navigation, sheets, session } = this.context;
    if (of !== session.doc?.current) return;
    const { shows, camera, window = null, invert = false, palette = "" } = kept;
    navigation.change((view, scene) => {
      if (planeOf(shows)) return planeAlone(kept, scene.kase);
      const opened = openSeries(view, view.active, scene, seriesKey(kept.shows), navigation.links);
      return change(opened, view.active, scene, (v) => ({
        ...v,
        shows,
        camera,
        window,
        invert,
        palette,
        playing: null,
      }));
    });
    sheets.close();
  }
}

/** Whether both show the same image; of planes and fusions, in the same place.
 * @param {import("../../wire.js").Viewport} a @param {import("../../wire.js").Viewport} b */
function sameKept(a, b) {
  const where = (/** @type {typeof a} */ { camera }) => JSON.stringify([camera.center, camera.right, camera.down]);
  return sameShown(a.shows, b.shows) && (a.shows.type === "stack" || where(a) === where(b));
}
