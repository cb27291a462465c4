/** Brings the glyphs into the page once, so that they are there while the server is not. */

const URL_OF_GLYPHS = new URL("../../img/glyphs.svg", import.meta.url).href;

/** Without it the page has words and no glyphs. */
export async function loadGlyphs() {
  if (document.querySelector("svg.sprite")) return;
  const answer = await fetch(URL_OF_GLYPHS).catch(() => null);
  if (!answer?.ok) return;
  const sprite = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  sprite.setAttribute("class", "sprite");
  sprite.setAttribute("aria-hidden", "true");
  document.body.append(document.importNode(sprite, true));
}
