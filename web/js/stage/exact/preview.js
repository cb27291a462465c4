/**
 * The first picture on a distant line: a coarse one, of about a twentieth of the bytes, until the exact one is here. It
 * is painted by the still's own stamp, as what it is (LOSSY), and only where nothing is painted yet.
 */
/** @import {Stamp} from "../../wire.js" */
/** @import {Pictures} from "../pictures.js" */

/** Where asking took longer an exact still takes long enough for a coarse one to be worth its bytes. */
const DISTANT_MS = 25;
/** Names the stream of a stamp by which a preview is painted: no exact still. */
const PREVIEW = "preview";

/** How long the server took to begin to answer when this document was asked for, in ms. */
function answerMs() {
  const [asked] = performance.getEntriesByType("navigation");
  return asked instanceof PerformanceNavigationTiming ? asked.responseStart - asked.requestStart : 0;
}

export class Preview {
  /**
   * @param {string} base URL of the seat @param {Pictures} pictures
   * @param {(stamp: Stamp, images: Map<string, ImageBitmap>) => void} paint
   */
  constructor(base, pictures, paint) {
    this.base = base;
    this.pictures = pictures;
    this.paint = paint;
    this.wanted = answerMs() > DISTANT_MS;
    /** @type {Map<string, Promise<ImageBitmap | null>>} by digest */
    this.asked = new Map();
  }

  /** These are shown first, as far as is known. @param {readonly string[]} digests */
  expect(digests) {
    if (this.wanted) for (const digest of digests) this.asked.set(digest, this.fetch(digest));
  }

  /** A still is announced. @param {Stamp} stamp */
  async stamp(stamp) {
    if (!this.wanted || this.pictures.painted) return;
    this.wanted = false;
    /** @type {Map<string, ImageBitmap>} */
    const images = new Map();
    await Promise.all(
      stamp.viewports.map(async ({ id, digest = "" }) => {
        const image = await (this.asked.get(digest) ?? this.fetch(digest));
        if (image) images.set(id, image);
      }),
    );
    const coarse = { ...stamp, stream: PREVIEW };
    if (!this.pictures.painted && images.size > 0 && this.pictures.move(coarse)) this.paint(coarse, images);
    for (const image of images.values()) image.close();
    this.asked.clear();
  }

  /** @param {string} digest @returns {Promise<ImageBitmap | null>} null: it does not come, and the exact one will */
  async fetch(digest) {
    try {
      const answer = await fetch(`${this.base}stills/${encodeURIComponent(digest)}/preview`);
      return answer.ok ? await createImageBitmap(await answer.blob()) : null;
    } catch {
      return null;
    }
  }
}
