/** The page that a link opens: who invites, a name, come in. The secret leaves the address with the page, once
 * the seat is taken: until then the page can be loaded again. */
/** @import {Info, Failure} from "../transport/join-api.js" */
import { people, formatMoment } from "../core/format.js";
import { WISH_STORE } from "../core/voice/microphone.js";
import { endReason, endWords, followHint } from "../core/words.js";
import { previewInvitation, takeSeat } from "../transport/join-api.js";
import { el, find, glyph } from "../kit/dom.js";
import { loadGlyphs } from "../kit/sprite.js";
import { brand, stateColumn } from "../kit/state-page.js";
import { SoundTest } from "./sound-test.js";

const NAME_STORE = "consult-name";
const MAX_NAME = 80;
const SPEAKS = "speaks";

const main = find("#join", HTMLElement);
const path = location.pathname.replace(/\/$/, "");
const secret = location.hash.slice(1);
find(".brand", HTMLElement).append(...brand());
void loadGlyphs();

/** @param {Failure["error"]} error */
function showFailure(error) {
  const reason = error.code === "unreachable" ? "" : endReason(error.code);
  document.body.dataset.state = reason ? "ended" : "joining";
  if (reason) document.body.dataset.reason = reason;
  const words = { ...endWords(error.code) };
  if (error.code === "expired" && error.until)
    words.text = `It was valid until ${formatMoment(error.until)}. ${words.text}`;
  const actions = reason && error.code !== "full" ? [] : [{ name: "Try again", primary: true, do: () => void begin() }];
  main.replaceChildren(stateColumn(words, actions));
}

/** @param {string} name @param {boolean} speaks @returns {Promise<string>} "" or why it did not work */
async function comeIn(name, speaks) {
  const answer = await takeSeat(path, secret, name);
  if ("seat" in answer) {
    if (speaks) sessionStorage.setItem(WISH_STORE, "1");
    history.replaceState(null, "", location.pathname);
    location.replace(answer.seat);
    return "";
  }
  if (answer.error.code === "no_name" || answer.error.code === "malformed")
    return "Please give your name, as others will see it.";
  showFailure(answer.error);
  return answer.error.message;
}

/** @param {Info} info @param {number} roundTripMs */
function showInvitation(info, roundTripMs) {
  const input = el("input", {
    type: "text",
    name: "name",
    autocomplete: "name",
    maxlength: MAX_NAME,
    required: true,
    enterkeyhint: "go",
    value: localStorage.getItem(NAME_STORE) ?? "",
  });
  const problem = el("p", { class: "problem", role: "alert" });
  const sound = new SoundTest();
  const speaks = maySpeak(info);
  const join = joinButtons(info, speaks);
  const form = el(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        void submit(event.submitter?.value === SPEAKS);
      },
    },
    el("label", {}, el("span", { text: "Your name, as others will see it" }), input),
    problem,
    ...sound.rows(speaks).filter((row) => row !== null),
    el(
      "div",
      { class: "connection" },
      glyph("bars"),
      el(
        "div",
        { class: "two-lines" },
        el("span", { class: "first", text: "Connection" }),
        el("span", { class: "second quiet", text: `${Math.max(1, Math.round(roundTripMs))} ms. Pictures come exact.` }),
      ),
      glyph("check"),
    ),
    ...join,
  );
  const submit = async (/** @type {boolean} */ withVoice) => {
    const name = input.value.trim();
    if (!name) {
      problem.textContent = "Please give your name, as others will see it.";
      return;
    }
    localStorage.setItem(NAME_STORE, name);
    sound.stop();
    for (const button of join) button.disabled = true;
    problem.textContent = await comeIn(name, withVoice);
    for (const button of join) button.disabled = false;
  };
  main.replaceChildren(el("div", { class: "invite" }, about(info), form));
  input.focus();
  input.select();
}

/** This participant, in this browser, at this address. @param {Info} info */
const maySpeak = (info) => info.role !== "viewer" && isSecureContext && !!navigator.mediaDevices;

/** The microphone is asked for once the picture is there. Who cannot speak here is not asked how.
 * @param {Info} info @param {boolean} can */
function joinButtons(info, can) {
  const button = (/** @type {string} */ text, /** @type {string} */ looks, value = "") =>
    el("button", { type: "submit", class: `button ${looks}`, text, value });
  if (!can) return [button(info.role === "viewer" ? "Join" : "Join and only listen", "primary")];
  return [button("Join with microphone", "primary", SPEAKS), button("Join and only listen", "bare")];
}

/** @param {Info} info */
function about(info) {
  const fact = (/** @type {string} */ sign, /** @type {string} */ text) =>
    el("li", {}, glyph(sign), el("span", { text }));
  return el(
    "div",
    {},
    el("h1", { text: `${info.host_name} invites you to look at images together` }),
    el("p", {
      class: "about",
      text: [
        info.title ? `${info.title}.` : "",
        info.people > 0 ? `${people(info.people)} in the consult.` : "Nothing to install.",
      ]
        .join(" ")
        .trim(),
    }),
    el(
      "ul",
      { class: "facts" },
      fact("eye", `${followHint(info.host_name)} You can look around on your own.`),
      fact(
        "point",
        info.role === "viewer"
          ? "Your name is shown to everybody."
          : "Your pointer is shown to everybody, with your name.",
      ),
      fact("lock", "Images stay on the server. Nothing is saved on this device."),
    ),
  );
}

async function begin() {
  const asked = performance.now();
  const info = await previewInvitation(path, secret);
  if ("error" in info) return showFailure(info.error);
  if (info.role === "host" && info.name) return void (await comeIn(info.name, false));
  showInvitation(info, performance.now() - asked);
}

if (location.pathname.startsWith("/seat/")) {
  document.body.dataset.state = "ended";
  document.body.dataset.reason = "revoked";
  main.replaceChildren(stateColumn({ ...endWords("revoked"), text: "Open the link that you were given once more." }));
} else {
  void begin();
}
