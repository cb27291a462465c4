/** Beside the picture, below the people: one tab at a time. On smaller screens it is a sheet. */
/** @import {FeatureContext, Tab} from "../../features/context.js" */
import { t } from "../../core/language.js";
import { el, find } from "../../kit/dom.js";
import { control, draw, html, nothing, unseen } from "../../kit/html.js";

export class Panel {
  /** @param {FeatureContext} context @param {[Tab, ...Tab[]]} tabs @param {HTMLElement} over stands over all tabs */
  constructor(context, tabs, over) {
    this.context = context;
    this.tabs = tabs;
    /** The one that is chosen. */
    this.chosen = tabs[0];
    this.row = el("div", { class: "tabs", role: "tablist", "aria-label": t("Beside the picture") });
    this.element = find("#panel", HTMLElement);
    const close = el("button", {
      type: "button",
      class: "button bare sheet-close",
      text: t("Close"),
      onclick: () => context.sheets.close(),
    });
    this.element.replaceChildren(close, over, this.row, ...tabs.map((tab) => tab.element));
    this.row.addEventListener("keydown", (event) => this.key(event));
  }

  /** It can be read just now. @param {string} tab */
  reads(tab) {
    const open = this.context.form() === "wide" || this.element.classList.contains("open");
    return this.chosen.tab === tab && open && !document.hidden;
  }

  /** @param {Tab} tab */
  show(tab) {
    this.chosen = tab;
    this.render();
    tab.seen?.();
    this.context.redraw();
  }

  /** Bring it to the front. @param {string} name */
  open(name) {
    const tab = this.tabs.find((one) => one.tab === name);
    if (!tab) throw new Error(`no such tab: ${name}`);
    if (this.context.form() !== "wide") this.context.sheets.open("panel");
    this.show(tab);
    tab.focus?.();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const tabs = this.here;
    this.show(tabs[(tabs.indexOf(this.chosen) + by + tabs.length) % tabs.length] ?? this.chosen);
    find("[aria-selected=true]", HTMLElement, this.row).focus();
  }

  /** Those that this consult has. */
  get here() {
    return this.tabs.filter((tab) => !tab.absent);
  }

  render() {
    if (!this.context.session.doc) return;
    const tabs = this.here;
    if (this.chosen.absent) this.chosen = tabs[0] ?? this.chosen;
    const { chosen } = this;
    for (const tab of this.tabs) tab.element.hidden = tab !== chosen;
    if (this.reads(chosen.tab)) chosen.seen?.();
    for (const tab of tabs) {
      tab.render();
    }
    draw(
      this.row,
      tabs.map((tab) => this.tabButton(tab)),
    );
    this.renderStrip();
  }

  /** @param {Tab} tab */
  tabButton(tab) {
    const chosen = tab === this.chosen;
    return html`<button
      type="button"
      class="tab"
      role="tab"
      aria-selected=${String(chosen)}
      aria-controls=${`${tab.tab}-page`}
      data-name=${tab.word}
      tabindex=${chosen ? 0 : -1}
      @click=${() => this.show(tab)}
    ><span>${tab.word}</span>${countOf(tab)}</button>`;
  }

  /** In the narrow rail, which has no place for it. What is read comes first. */
  renderStrip() {
    const [reading, others] = [this.here.filter((t) => "unread" in t), this.here.filter((t) => !("unread" in t))];
    draw(
      find("#panel-strip", HTMLElement),
      [...reading, ...others].map((tab) => tabOpener(this, tab, "tool", tab.word)),
    );
  }
}

/** @param {Tab} tab */
function countOf({ unread, count }) {
  if (unread) return html`<span class="count">${unread}${unseen(` ${t("unread")}`)}</span>`;
  return !count ? nothing : html`<span class="n">${count}</span>`;
}

/**
 * Opens a tab, with how much of it is unread.
 * @param {Panel} panel
 * @param {Tab} tab
 * @param {string} kind class
 * @param {string} [title]
 */
export const tabOpener = (panel, tab, kind, title) => {
  const { word, unread } = tab;
  return control({
    label: unread ? t("{word}, {unread} unread", { word, unread }) : word,
    title,
    class: kind,
    glyph: tab.glyph,
    more: unread ? html`<span class="count">${unread}</span>` : nothing,
    do: () => panel.open(tab.tab),
  });
};
