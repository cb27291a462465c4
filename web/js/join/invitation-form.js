/** Who invites, how one is called and heard there, and what is known of the connection. */
/** @import {Info} from "../transport/join-api.js" */
/** @import {Wish} from "../core/voice/wish.js" */
import { plural, t } from "../core/language.js";
import { followHint } from "../core/words.js";
import { el, glyph, limited, setText } from "../kit/dom.js";
import { local } from "../transport/storage.js";
import { checkVoice } from "../transport/voice-check.js";
import { SoundTest } from "./sound-test.js";

export const NAME_STORE = "consult-name";
const MAX_NAME = 80;
export const NO_NAME = t("Please give your name, as others will see it.");
/** Why there will be no voice, in a row of the page. */
const NO_VOICE = {
  blocked: t("This network lets none through. Use the telephone."),
  unable: t("This browser has none. Use the telephone."),
};

/** @typedef {{name: string, wish: Wish}} Choice */

export class InvitationForm {
  /**
   * @param {Info} info @param {number} roundTripMs
   * @param {(name: string, wish: Wish, pin: string) => Promise<string>} comeIn "" or what is wrong
   */
  constructor(info, roundTripMs, comeIn) {
    this.info = info;
    this.comeIn = comeIn;
    /** The link is the host's own: there is no name to give. */
    this.host = info.role === "host" && info.name !== "";
    this.input = limited(
      el("input", {
        type: "text",
        name: "name",
        autocomplete: "name",
        required: true,
        enterkeyhint: "go",
        value: info.name || (local.get(NAME_STORE) ?? ""),
        onchange: (event) => local.set(NAME_STORE, event.target.value.trim()),
      }),
      MAX_NAME,
    );
    this.pin = el("input", { type: "text", name: "pin", inputmode: "numeric", autocomplete: "off", required: true });
    this.problem = el("p", { class: "problem", role: "alert" });
    this.sound = new SoundTest();
    this.voice = el("span", { class: "second quiet", text: soundWords(info) });
    /** The link is for reading a note: there is nobody to hear or to talk to. */
    this.reads = info.role === "reader";
    const silent = this.reads || info.sound_elsewhere;
    const sounds = silent ? [] : this.sound.rows(maySpeak(info)).filter((row) => row !== null);
    this.sounds = el("div", { class: "sounds" }, ...sounds);
    this.buttons = el("div", { class: "choices" });
    this.offer(choices(info, ""));
    this.element = el("div", { class: "invite" }, this.host ? aboutHost(info) : about(info), this.form(roundTripMs));
  }

  /** @param {number} roundTripMs */
  form(roundTripMs) {
    const connected = el("span", {
      class: "second quiet",
      text: t("{n} ms. Pictures come exact.", { n: Math.max(1, Math.round(roundTripMs)) }),
    });
    return el(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          void this.submit(/** @type {Wish} */ (event.submitter?.value ?? "listen"));
        },
      },
      !this.host &&
        el(
          "label",
          {},
          el("span", { text: this.reads ? t("Your name") : t("Your name, as others will see it") }),
          this.input,
        ),
      this.info.pin && el("label", {}, el("span", { text: t("PIN. The person who invited you has it.") }), this.pin),
      this.problem,
      this.sounds,
      row("bars", t("Connection"), connected, glyph("check")),
      this.reads ? null : row("call", t("Voice"), this.voice),
      this.buttons,
    );
  }

  /** It is shown: where to write, and whether voice would come. */
  ready() {
    const to = this.host ? this.buttons.querySelector("button") : this.input;
    to?.focus();
    if (!this.host) this.input.select();
    if (this.info.voice_check) void this.tryVoice(this.info.voice_check);
  }

  /** @param {NonNullable<Info["voice_check"]>} point */
  async tryVoice(point) {
    const problem = await checkVoice(point);
    setText(this.voice, problem ? NO_VOICE[problem] : t("Comes through"));
    this.voice.parentElement?.parentElement?.classList.toggle("bad", problem !== "");
    if (!problem) return;
    this.sound.stop();
    this.sounds.hidden = true;
    this.offer(choices(this.info, problem));
  }

  /** @param {[string, Wish][]} offered the first is what most will want */
  offer(offered) {
    const focused = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren(
      ...offered.map(([text, value], i) =>
        el("button", { type: "submit", class: `button ${i === 0 ? "primary" : "bare"}`, text, value }),
      ),
    );
    if (focused) this.buttons.querySelector("button")?.focus();
  }

  /** @param {Wish} wish */
  async submit(wish) {
    const name = this.host ? this.info.name : this.input.value.trim();
    if (!name) return setText(this.problem, NO_NAME);
    this.sound.stop();
    this.enable(false);
    setText(this.problem, await this.comeIn(name, wish, this.pin.value));
    this.enable(true);
  }

  /** @param {boolean} enabled */
  enable(enabled) {
    for (const button of this.buttons.querySelectorAll("button")) button.disabled = !enabled;
  }
}

/** Who may speak, in this browser, at this address. @param {Info} info */
const maySpeak = (info) => info.role !== "viewer" && isSecureContext && !!navigator.mediaDevices;

/** What is known of voice before it is tried. @param {Info} info */
function soundWords(info) {
  if (info.sound_elsewhere) return t("Elsewhere: in the room, or on the phone.");
  return info.voice_check ? t("Being tested") : t("Not tested");
}

/** The microphone is asked for once the picture is there. Who cannot speak here is not asked how.
 * @param {Info} info @param {"" | "unable" | "blocked"} problem @returns {[string, Wish][]} */
function choices(info, problem) {
  /** @type {[string, Wish]} */
  const phone = [t("We are on the phone already"), "phone"];
  if (info.role === "host" && info.name)
    return [[t("Continue as {name}", { name: info.name }), problem ? "phone" : "listen"], phone];
  if (info.role === "reader") return [[t("Open the note"), "listen"]];
  if (info.sound_elsewhere) return [[t("Join"), "listen"]];
  if (problem) return [[t("Join, and use the telephone"), "phone"]];
  if (info.role === "viewer") return [[t("Join"), "listen"], phone];
  if (!maySpeak(info)) return [[t("Join and only listen"), "listen"], phone];
  return [[t("Join with microphone"), "speak"], [t("Join and only listen"), "listen"], phone];
}

/** @param {string} sign @param {string} name @param {HTMLElement} line @param {Node} [mark] */
const row = (sign, name, line, mark) =>
  el(
    "div",
    { class: "connection" },
    glyph(sign),
    el("div", { class: "two-lines" }, el("span", { class: "first", text: name }), line),
    mark ?? null,
  );

/** @param {Info} info */
const gathering = ({ title, people: here, hospital }) =>
  [
    hospital ? `${hospital}.` : "",
    title ? `${title}.` : "",
    here > 0 ? plural(here, "{n} person is in the consult.", "{n} people are in the consult.") : "",
  ]
    .join(" ")
    .trim();

/** @param {Info} info */
const aboutHost = (info) =>
  el(
    "div",
    {},
    el("h1", { text: t("You host this consult") }),
    el("p", { class: "about", text: gathering(info) || t("Nobody is in it yet.") }),
  );

/** @param {Info} info */
const aboutNote = ({ host_name, title }) =>
  el(
    "div",
    {},
    el("h1", { text: t("{name} sends you a note to read", { name: host_name }) }),
    el("p", { class: "about", text: title }),
    el(
      "ul",
      { class: "facts" },
      ...[
        ["eye", t("You see the signed note and its images. You are not in the consult.")],
        ["check", t("The host sees that you have opened it, and that you have read it once you say so.")],
        ["lock", t("Images stay on the server. Nothing is saved on this device.")],
      ].map(([sign = "", text = ""]) => el("li", {}, glyph(sign), el("span", { text }))),
    ),
  );

/** @param {Info} info */
function about(info) {
  if (info.role === "reader") return aboutNote(info);
  const fact = (/** @type {string} */ sign, /** @type {string} */ text) =>
    el("li", {}, glyph(sign), el("span", { text }));
  return el(
    "div",
    {},
    el("h1", { text: t("{name} invites you to look at images together", { name: info.host_name }) }),
    el("p", {
      class: "about",
      text: [gathering(info), info.people > 0 ? "" : t("Nothing to install.")].join(" ").trim(),
    }),
    el(
      "ul",
      { class: "facts" },
      fact("eye", `${followHint(info.host_name)} ${t("You can look around on your own.")}`),
      fact(
        "point",
        info.role === "viewer"
          ? t("Your name is shown to everybody.")
          : t("Your pointer is shown to everybody, with your name."),
      ),
      info.lobby && fact("clock", t("{name} lets you in. Until then you wait here.", { name: info.host_name })),
      fact("lock", t("Images stay on the server. Nothing is saved on this device.")),
    ),
  );
}
