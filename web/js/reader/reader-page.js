/**
 * The page of a link to read: the signed note in full; what it stands on is opened exactly; "I have read this", by
 * name. No consult: no socket, no cursor, no other case.
 */
/** @import {Reading} from "./reading-api.js" */
import { ApiError } from "../core/api-error.js";
import { formatMoment } from "../core/format.js";
import { language, t } from "../core/language.js";
import { el, find, limited, setText } from "../kit/dom.js";
import { applySettings } from "../kit/settings.js";
import { loadGlyphs } from "../kit/sprite.js";
import { brand, stateColumn } from "../kit/state-page.js";
import { settings } from "../transport/storage.js";
import { KeyViewDialog } from "./key-view.js";
import { elementsOf, getReading, postOpened, postSeen } from "./reading-api.js";

const MAX_NAME = 80;
/** After which the page explains itself at the same address (join.html). */
const SHUT = new Set(["no_seat", "expired", "revoked", "removed", "over", "not_allowed", "unknown_consult"]);

const note = find("#reading", HTMLElement);
const form = find("#read", HTMLFormElement);
const polite = find("#polite", HTMLElement);
const views = new KeyViewDialog(new URL("./", location.href).href);

/** @param {ApiError} error */
function showFailure({ failure }) {
  if (SHUT.has(failure.code)) return location.reload();
  const unsigned = failure.code === "not_signed";
  document.body.dataset.state = "lost";
  const words = {
    glyph: unsigned ? "clock" : "warn",
    title: unsigned ? t("This note is not signed yet") : t("The note cannot be shown now"),
    text: unsigned ? t("The link stays valid. Open it again later.") : failure.message,
  };
  note.replaceChildren(stateColumn(words, [{ name: t("Try again"), primary: true, do: () => void begin() }]));
}

async function begin() {
  try {
    show(await getReading(language));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showFailure(error);
  } finally {
    find("#loading", HTMLElement).hidden = true;
  }
}

/** @param {Reading} reading */
function show(reading) {
  document.body.dataset.state = "live";
  document.body.dataset.version = reading.version;
  note.replaceChildren(el("div", { class: "document" }, ...elementsOf(reading.page)));
  document.title = `${t("Consult note")} · consult`;
  for (const opener of note.querySelectorAll("[data-picture]"))
    opener.addEventListener("click", () =>
      views.open(reading, Number(/** @type {HTMLElement} */ (opener).dataset.picture)),
    );
  showActs(reading);
  showRead(reading);
  whenSeen(() => void postOpened(reading.version).catch(() => {}));
}

/** @param {Reading} reading */
function showActs(reading) {
  const query = `version=${reading.number}&language=${language}`;
  find(".reader-bar .acts", HTMLElement).replaceChildren(
    el("a", { class: "button small", href: `note.pdf?${query}`, target: "_blank", rel: "noopener", text: t("PDF") }),
    el("button", { type: "button", class: "button small", text: t("Print"), onclick: () => print() }),
  );
}

/** Somebody has the page before them, not only in a tab behind others. @param {() => void} act */
function whenSeen(act) {
  if (document.visibilityState === "visible") return act();
  document.addEventListener("visibilitychange", () => whenSeen(act), { once: true });
}

/** @param {Reading} reading */
function showRead(reading) {
  form.hidden = reading.own;
  if (reading.own) return;
  if (reading.seen_at !== null) return showSeen(reading.seen_name, reading.seen_at);
  const name = limited(
    el("input", { type: "text", name: "name", autocomplete: "name", required: true, value: reading.name }),
    MAX_NAME,
  );
  const problem = el("p", { class: "problem", role: "alert" });
  const submit = el("button", { type: "submit", class: "button primary", text: t("I have read this") });
  form.replaceChildren(el("label", {}, el("span", { text: t("Your name") }), name), submit, problem);
  form.onsubmit = async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      const seen = await postSeen(reading.version, name.value.trim());
      showSeen(seen.name, seen.seen_at);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (SHUT.has(error.failure.code)) return location.reload();
      setText(problem, error.failure.message);
      submit.disabled = false;
    }
  };
}

/** @param {string} name @param {number} at seconds */
function showSeen(name, at) {
  const words = t("Read by {name}, {time}", { name, time: formatMoment(new Date(at * 1000).toISOString()) });
  form.replaceChildren(el("p", { class: "seen", text: words }));
  form.dataset.seen = name;
  setText(polite, words);
}

find(".reader-bar .brand", HTMLElement).append(...brand());
applySettings(settings);
void loadGlyphs();
void begin();
