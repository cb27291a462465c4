/** The parts of the home page and where they are: top bar, search, drop zone, list, panel. */
/** @import {HomePage, View} from "./home-page.js" */
import { initials } from "../core/format.js";
import { keysOf } from "../core/input/typed.js";
import { ofServer, t } from "../core/language.js";
import { askText } from "../kit/dialog.js";
import { el, glyph } from "../kit/dom.js";
import { control, draw, html, icon, logo, nothing, tool, unseen } from "../kit/html.js";
import { openMenu } from "../kit/menu.js";
import { showSettings } from "../kit/settings.js";
import { settings } from "../transport/storage.js";
import { chosenFiles, droppedFiles } from "./drop.js";
import { showHomeKeys } from "./keys.js";
import { hostName, keepHostName } from "./open-panel.js";
import { changePassword } from "./signing-in/password.js";
import { showSignIns } from "./signing-in/sign-ins.js";
import { offered } from "./search.js";

/** @type {[string, number][]} */
const DATES = [
  [t("Any date"), 0],
  [t("Today"), 1],
  [t("Last 7 days"), 7],
  [t("Last 30 days"), 30],
  [t("Last 12 months"), 366],
];
const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select";

export class Layout {
  /** @param {HomePage} home */
  constructor(home) {
    this.home = home;
    this.search = el("input", {
      type: "search",
      placeholder: t("Search studies"),
      "aria-label": t("Search studies by patient, description, date, modality or accession number"),
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => {
        home.wish.text = this.search.value.trim();
        home.render();
      },
    });
    this.chips = el("div", { class: "chips", role: "group", "aria-label": t("Filters") });
    this.files = el("input", {
      type: "file",
      multiple: true,
      hidden: true,
      "data-choose": "files",
      onchange: () => this.chosen(this.files),
    });
    this.folder = el("input", {
      type: "file",
      webkitdirectory: true,
      multiple: true,
      hidden: true,
      "data-choose": "folder",
      onchange: () => this.chosen(this.folder),
    });
    this.zone = el("section", { class: "zone", "aria-label": t("Upload") });
    this.demo = el("div", { class: "demo" });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.running = el("section", { class: "running", "aria-label": t("Open consults") });
    this.allConsults = el("section", { class: "all-consults", "aria-label": t("Consults") });
    this.bar = el("header", { class: "home-bar" });
    this.studies = el(
      "div",
      { class: "studies" },
      el(
        "div",
        { class: "filter-row" },
        el(
          "div",
          { class: "search-field" },
          glyph("search"),
          this.search,
          el("kbd", { text: "/", "aria-hidden": true }),
        ),
        this.chips,
      ),
      this.zone,
      this.demo,
      home.cards.element,
      home.aside.element,
      home.list.element,
    );
    this.turnaround = el("section", { class: "turnaround", "aria-label": t("Turnaround") }, home.turnaround.element);
    this.main = el(
      "main",
      { id: "studies", tabindex: "-1" },
      this.problem,
      home.criticals.element,
      this.studies,
      this.allConsults,
      this.turnaround,
      this.files,
      this.folder,
      home.imports.input,
    );
    this.side = el("aside", { class: "side", "aria-label": t("Consults") }, home.panel.element, this.running);
    this.parts = [this.bar, this.main, this.side];
    this.listening = false;
  }

  render() {
    const { home } = this;
    const empty = home.loaded && home.studies.length === 0;
    document.body.dataset.view = home.view;
    document.body.dataset.empty = String(empty && home.view === "studies");
    document.body.dataset.selected = String(home.selected.size);
    this.studies.hidden = home.view !== "studies";
    this.allConsults.hidden = home.view !== "consults";
    this.turnaround.hidden = home.view !== "turnaround";
    this.problem.textContent = home.problem || home.refusal;
    home.list.element.hidden = !home.loaded || empty;
    this.renderBar();
    this.renderChips();
    this.renderZone(empty);
    this.renderDemo(empty);
  }

  renderBar() {
    const name = hostName();
    const menu = () => [
      { name: t("Turnaround"), glyph: "clock", choose: () => this.show("turnaround", t("Turnaround")) },
      { name: t("Settings"), glyph: "person", choose: () => void this.settings() },
      { name: t("Where you are signed in"), glyph: "lock", choose: () => void this.signIns() },
      ...(this.home.account?.has_password
        ? [{ name: t("Change your password"), glyph: "lock", choose: () => void changePassword() }]
        : []),
      { name: t("Keys"), glyph: "list", more: "?", choose: () => showHomeKeys() },
      { name: t("Sign out"), glyph: "leave", line: true, choose: () => void this.home.signOut() },
    ];
    draw(
      this.bar,
      html`<span class="brand">${logo()}<span>consult</span></span>
        <nav aria-label=${t("Pages")}>
          ${this.tab("studies", t("Studies"))}${this.tab("consults", t("Consults"))}
          ${this.tab("turnaround", t("Turnaround"))}
        </nav>
        <span class="grow"></span>${tool({
          name: t("More"),
          glyph: "more",
          popup: "menu",
          do: ({ currentTarget }) => openMenu(currentTarget, t("More"), menu()),
        })}${control({
          class: "who",
          title: t("Your name: {name}", { name }),
          more: html`<span class="avatar" data-colour="0" aria-hidden="true">${initials(name)}</span>${unseen(
            t("Your name: {name}", { name }),
          )}`,
          do: () => void (this.home.account ? this.signIns() : this.rename()),
        })}`,
    );
  }

  /** @param {View} view @param {string} name */
  show(view, name) {
    const { home } = this;
    home.view = view;
    if (view === "turnaround") void home.attempt(() => home.turnaround.load());
    document.title = t("{name} · consult", { name });
    home.render();
  }

  /** @param {View} view @param {string} name */
  tab(view, name) {
    return html`<button
      type="button"
      class=${view === "turnaround" ? "tab rare" : "tab"}
      aria-current=${this.home.view === view ? "page" : nothing}
      aria-label=${name}
      @click=${() => this.show(view, name)}
    >${name}</button>`;
  }

  renderChips() {
    const { wish, studies } = this.home;
    const days = DATES.find(([, n]) => n === wish.days)?.[0] ?? "";
    const choose = (/** @type {Partial<import("./search.js").Wish>} */ change) => {
      Object.assign(wish, change);
      this.home.render();
    };
    const dates = () =>
      DATES.map(([name, n]) => ({ name, checked: wish.days === n, choose: () => choose({ days: n }) }));
    const date = control({
      class: "button chip",
      label: t("Date: {days}", { days }),
      popup: "menu",
      pressed: wish.days > 0,
      more: days,
      do: ({ currentTarget }) => openMenu(currentTarget, t("Date"), dates()),
    });
    const modalities = offered(studies).map((name) =>
      control({
        class: "button chip",
        label: name,
        pressed: wish.modality === name,
        more: name,
        do: () => choose({ modality: wish.modality === name ? "" : name }),
      }),
    );
    draw(this.chips, [date, modalities]);
  }

  /** @param {boolean} empty */
  renderZone(empty) {
    const first = t("Drop DICOM files, folders or zips here");
    const stay = t("They are checked and stay on this server.");
    const second = empty ? `${stay} ${t("You can open a consult while they still arrive.")}` : stay;
    draw(
      this.zone,
      html`${icon("upload")}<div class="words">${
        empty ? html`<h1 class="first">${first}</h1>` : html`<p class="first">${first}</p>`
      }<p class="second">${second}</p></div><div class="choose">${control({
        class: empty ? "button primary" : "button",
        label: t("Choose files"),
        more: t("Choose files"),
        do: () => this.files.click(),
      })}${control({
        class: "button bare",
        label: t("Choose a folder"),
        more: t("Choose a folder"),
        do: () => this.folder.click(),
      })}</div>`,
    );
  }

  /** @param {boolean} empty */
  renderDemo(empty) {
    const { demo } = this.home;
    const state = demo?.state ?? "idle";
    const text = {
      idle: "",
      here: "",
      failed: ofServer(demo?.problem),
      interrupted: ofServer(demo?.problem),
      making: [t("Making the demo studies."), demo?.total && t("{done} of {total} images", demo)]
        .filter(Boolean)
        .join(" "),
      importing: t("Importing the demo studies."),
    }[state];
    this.demo.hidden = !empty && (state === "idle" || state === "here");
    const stands = state === "interrupted" || (empty && (state === "idle" || state === "failed"));
    const name = state === "interrupted" ? t("Complete the demo studies") : t("Try the demo studies");
    draw(
      this.demo,
      html`${text ? html`<p role="status">${text}</p>` : nothing}${
        stands
          ? control({ class: "button bare", label: name, more: name, do: () => void this.home.startDemo() })
          : nothing
      }`,
    );
  }

  /** @param {HTMLInputElement} input */
  chosen(input) {
    if (input.files) void this.home.send(chosenFiles(input.files));
    input.value = "";
  }

  async rename() {
    const name = await askText({
      title: t("Your name"),
      label: t("As guests will read it"),
      value: hostName(),
      action: t("Change"),
      max: 80,
    });
    if (name) this.named(name);
  }

  /** @param {string} name of the host */
  named(name) {
    keepHostName(name);
    this.home.panel.name.value = name;
    this.home.render();
  }

  signIns() {
    return showSignIns(this.home.account);
  }

  settings() {
    const rename = this.home.account ? null : (/** @type {string} */ name) => this.named(name);
    return showSettings(settings, { name: hostName(), rename, hosts: true });
  }

  /** Drops on the whole page, and keys. */
  listen() {
    if (this.listening) return;
    this.listening = true;
    let inside = 0;
    const over = (/** @type {boolean} */ on) => document.body.classList.toggle("over", on);
    const files = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
    addEventListener("dragenter", (event) => {
      if (files(event)) over(++inside > 0);
    });
    addEventListener("dragleave", (event) => {
      if (files(event)) over(--inside > 0);
    });
    addEventListener("dragover", (event) => {
      if (files(event)) event.preventDefault();
    });
    addEventListener("drop", (event) => {
      if (!event.dataTransfer || !files(event)) return;
      event.preventDefault();
      inside = 0;
      over(false);
      void droppedFiles(event.dataTransfer).then((batch) => this.home.send(batch));
    });
    addEventListener("visibilitychange", () => void (document.hidden || this.home.poll(true)));
    addEventListener("keydown", (event) => this.keys(event));
    for (const act of ["pointerdown", "keydown"]) addEventListener(act, () => this.home.used(), { passive: true });
  }

  /** @param {KeyboardEvent} event */
  keys(event) {
    const target = event.target instanceof Element ? event.target : null;
    if (
      document.querySelector("dialog[open]") ||
      document.body.dataset.state !== "live" ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    if (target === this.search && ["ArrowDown", "Enter", "Escape"].includes(event.key)) {
      event.preventDefault();
      if (event.key === "Escape") {
        this.search.value = this.home.wish.text = "";
        this.home.render();
      } else this.home.list.focus();
    } else if (!target?.closest(FIELDS) && keysOf(event).includes("/")) {
      event.preventDefault();
      if (this.home.view !== "studies") this.home.view = "studies";
      this.home.render();
      this.search.focus();
      this.search.select();
    } else if (!target?.closest(FIELDS) && keysOf(event).includes("?")) {
      showHomeKeys();
    }
  }
}
