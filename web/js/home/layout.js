/** The parts of the home page and where they are: top bar, search, drop zone, list, panel. */
/** @import {HomePage} from "./home-page.js" */
import { initials } from "../core/format.js";
import { askText } from "../kit/dialog.js";
import { button, el, glyph, rebuild } from "../kit/dom.js";
import { openMenu } from "../kit/menu.js";
import { brand } from "../kit/state-page.js";
import { chosenFiles, droppedFiles } from "./drop.js";
import { showHomeKeys } from "./keys.js";
import { hostName, keepHostName } from "./open-panel.js";
import { MODALITIES, offered } from "./search.js";

/** @type {[string, number][]} */
const DATES = [
  ["Any date", 0],
  ["Today", 1],
  ["Last 7 days", 7],
  ["Last 30 days", 30],
  ["Last 12 months", 366],
];
const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select";

export class Layout {
  /** @param {HomePage} home */
  constructor(home) {
    this.home = home;
    this.search = el("input", {
      type: "search",
      placeholder: "Search studies",
      "aria-label": "Search studies by patient, description, date, modality or accession number",
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => {
        home.wish.text = this.search.value.trim();
        home.render();
      },
    });
    this.chips = el("div", { class: "chips", role: "group", "aria-label": "Filters" });
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
    this.zone = el("section", { class: "zone", "aria-label": "Upload" });
    this.demo = el("div", { class: "demo" });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.running = el("section", { class: "running", "aria-label": "Open consults" });
    this.allConsults = el("section", { class: "all-consults", "aria-label": "Consults" });
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
      home.list.element,
    );
    this.main = el(
      "main",
      { id: "studies", tabindex: "-1" },
      this.problem,
      this.studies,
      this.allConsults,
      this.files,
      this.folder,
    );
    this.side = el("aside", { class: "side", "aria-label": "Consults" }, home.panel.element, this.running);
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
    this.problem.textContent = home.problem;
    home.list.element.hidden = !home.loaded || empty;
    this.renderBar();
    this.renderChips();
    this.renderZone(empty);
    this.renderDemo(empty);
  }

  renderBar() {
    const { home } = this;
    rebuild(this.bar, JSON.stringify([home.view, hostName()]), () => {
      const more = button({
        name: "More",
        glyph: "more",
        class: "tool",
        onclick: () =>
          openMenu(more, "More", [
            { name: "Keys", glyph: "list", more: "?", choose: () => showHomeKeys() },
            { name: "Sign out", glyph: "leave", line: true, choose: () => void home.signOut() },
          ]),
      });
      more.setAttribute("aria-haspopup", "menu");
      const tab = (/** @type {"studies" | "consults"} */ view, /** @type {string} */ name) =>
        el("button", {
          type: "button",
          class: "tab",
          "aria-current": home.view === view ? "page" : null,
          "aria-label": name,
          text: name,
          onclick: () => {
            home.view = view;
            document.title = `${name} · consult`;
            home.render();
          },
        });
      return [
        el("span", { class: "brand" }, ...brand()),
        el("nav", { "aria-label": "Home" }, tab("studies", "Studies"), tab("consults", "Consults")),
        el("span", { class: "grow" }),
        more,
        el(
          "button",
          { type: "button", class: "who", title: `Your name: ${hostName()}`, onclick: () => void this.rename() },
          el("span", { class: "avatar", "data-colour": 0, "aria-hidden": true, text: initials(hostName()) }),
          el("span", { class: "visually-hidden", text: `Your name: ${hostName()}` }),
        ),
      ];
    });
  }

  renderChips() {
    const { wish, studies } = this.home;
    const modalities = offered(studies);
    rebuild(this.chips, JSON.stringify([wish.days, wish.modality, modalities]), () => {
      const days = DATES.find(([, n]) => n === wish.days)?.[0] ?? "";
      const date = el("button", {
        type: "button",
        class: "button chip",
        "aria-haspopup": "menu",
        "aria-label": `Date: ${days}`,
        "aria-pressed": String(wish.days > 0),
        text: days,
        onclick: () =>
          openMenu(
            date,
            "Date",
            DATES.map(([name, days]) => ({
              name,
              checked: wish.days === days,
              choose: () => {
                wish.days = days;
                this.home.render();
              },
            })),
          ),
      });
      return [
        date,
        ...Object.keys(MODALITIES)
          .filter((m) => modalities.includes(m))
          .map((name) =>
            el("button", {
              type: "button",
              class: "button chip",
              "aria-label": name,
              "aria-pressed": String(wish.modality === name),
              text: name,
              onclick: () => {
                wish.modality = wish.modality === name ? "" : name;
                this.home.render();
              },
            }),
          ),
      ];
    });
  }

  /** @param {boolean} empty */
  renderZone(empty) {
    rebuild(this.zone, String(empty), () => [
      glyph("upload"),
      el(
        "div",
        { class: "words" },
        el(empty ? "h1" : "p", { class: "first", text: "Drop DICOM files, folders or zips here" }),
        el("p", {
          class: "second",
          text: `They are checked and stay on this server.${empty ? " You can open a consult while they still arrive." : ""}`,
        }),
      ),
      el(
        "div",
        { class: "choose" },
        el("button", {
          type: "button",
          class: empty ? "button primary" : "button",
          text: "Choose files",
          "aria-label": "Choose files",
          onclick: () => this.files.click(),
        }),
        el("button", {
          type: "button",
          class: "button bare",
          text: "Choose a folder",
          "aria-label": "Choose a folder",
          onclick: () => this.folder.click(),
        }),
      ),
    ]);
  }

  /** @param {boolean} empty */
  renderDemo(empty) {
    const { demo } = this.home;
    const state = demo?.state ?? "idle";
    const text = {
      idle: "",
      here: "",
      failed: demo?.problem ?? "",
      making: `Making the demo studies. ${demo?.total ? `${demo.done} of ${demo.total} images` : ""}`,
      importing: "Taking the demo studies in.",
    }[state];
    this.demo.hidden = !empty && (state === "idle" || state === "here");
    rebuild(this.demo, JSON.stringify([text, empty]), () => [
      text && el("p", { role: "status", text }),
      empty &&
        (state === "idle" || state === "failed") &&
        el("button", {
          type: "button",
          class: "button bare",
          text: "Try the demo studies",
          "aria-label": "Try the demo studies",
          onclick: () => void this.home.startDemo(),
        }),
    ]);
  }

  /** @param {HTMLInputElement} input */
  chosen(input) {
    if (input.files) void this.home.send(chosenFiles(input.files));
    input.value = "";
  }

  async rename() {
    const name = await askText({
      title: "Your name",
      label: "As guests will read it",
      value: hostName(),
      action: "Keep",
      max: 80,
    });
    if (!name) return;
    keepHostName(name);
    this.home.panel.name.value = name;
    this.home.render();
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
    } else if (!target?.closest(FIELDS) && event.key === "/") {
      event.preventDefault();
      if (this.home.view !== "studies") this.home.view = "studies";
      this.home.render();
      this.search.focus();
      this.search.select();
    } else if (!target?.closest(FIELDS) && event.key === "?") {
      showHomeKeys();
    }
  }
}
