/**
 * The end of a list that grows: who is at it stays at it, also where the list has another size or is shown again. Where
 * it stands is asked when somebody scrolls, never while the page is drawn: then it would be laid out on the spot.
 */

/** So near to its end the list goes on to the newest by itself. */
const END_PX = 40;

export class Ending {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    this.here = true;
    list.addEventListener("scroll", () => {
      this.here = list.scrollHeight - list.scrollTop - list.clientHeight < END_PX;
    });
    new ResizeObserver(() => this.keep()).observe(list);
  }

  /** It has grown, or has another size. */
  keep() {
    if (this.here) this.list.scrollTop = this.list.scrollHeight;
  }
}
