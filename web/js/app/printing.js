/** Before the page is printed: the picture's size on the screen, so that paper shows it whole and undistorted. */

/** CSS pixels that an A4 page is wide inside its margins. */
const PAPER_PX = 680;

/** @param {HTMLElement} stage */
export function keepPictureWhenPrinted(stage) {
  addEventListener("beforeprint", () => {
    const { width, height } = stage.getBoundingClientRect();
    stage.style.setProperty("--print-width", `${width}px`);
    stage.style.setProperty("--print-height", `${height}px`);
    stage.style.setProperty("--print-zoom", String(Math.min(1, PAPER_PX / width)));
  });
}
