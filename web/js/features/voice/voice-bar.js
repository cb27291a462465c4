/** The controls of voice: the microphone, and by which transport one hears. */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { face } from "../../core/voice/microphone.js";
import { seatOf } from "../../core/session/document.js";
import { button, el, find, glyph, rebuild } from "../../kit/dom.js";
import { openMenu } from "../../kit/menu.js";
import { avatar } from "../../kit/person.js";

/** What the controls look like depends on this. @param {ConsultPage} page */
export const voiceKey = (page) => [
  page.people.hand,
  page.session.phase,
  page.voice.state,
  page.voice.obstacle,
  page.session.speaking.has(page.session.me),
];

/** At the foot of the rail. @param {ConsultPage} page */
export function voiceBar(page) {
  const sound = button({
    name: "Sound",
    glyph: "speaker",
    class: "button sound",
    onclick: () => openMenu(sound, "Sound", voiceItems(page)),
  });
  sound.setAttribute("aria-haspopup", "menu");
  return el(
    "div",
    { class: "voice-bar" },
    microphoneButton(page, "button microphone"),
    handButton(page, "button raise"),
    sound,
  );
}

/** Raises one's hand, and takes it down. @param {ConsultPage} page @param {string} className */
export function handButton(page, className) {
  const up = page.people.hand;
  return el(
    "button",
    {
      type: "button",
      class: className,
      "data-name": "hand",
      "aria-pressed": String(up),
      "aria-label": up ? "Lower hand" : "Raise hand",
      title: `${up ? "Lower" : "Raise"} hand (Y)`,
      disabled: page.session.phase !== "live",
      onclick: () => page.people.toggleHand(),
    },
    glyph("hand"),
    el("span", { class: "word", text: up ? "Lower hand" : "Raise hand" }),
  );
}

/** The button of the microphone. It stays where it is when there is no voice, and says why.
 * @param {ConsultPage} page @param {string} className */
export function microphoneButton(page, className) {
  const { voice } = page;
  const shown = face(voice.state);
  const { obstacle } = voice;
  const speaks = page.session.speaking.has(page.session.me);
  const element = el(
    "button",
    {
      type: "button",
      class: `${className} ${shown.look}`,
      "data-name": "microphone",
      "aria-label": shown.name,
      "aria-disabled": obstacle !== "" && voice.state !== "phone" ? "true" : null,
      title: obstacle && voice.state !== "phone" ? voice.why : `${shown.name} (M)`,
      onclick: () => (voice.state === "phone" ? openMenu(element, "Sound", voiceItems(page)) : voice.press()),
    },
    glyph(shown.glyph),
    el("span", { class: "word", text: shown.word }),
    speaks && glyph("speaking"),
  );
  return element;
}

/** How one takes part by ear. @param {ConsultPage} page @returns {import("../../kit/menu.js").Item[]} */
export function voiceItems(page) {
  const { voice } = page;
  const phone = voice.state === "phone";
  const listens = voice.state === "off";
  return [
    {
      name: "Speak and listen here",
      glyph: "microphone",
      checked: !phone && !listens,
      choose: () => (phone || listens ? voice.begin() : undefined),
    },
    { name: "Only listen", glyph: "speaker", checked: listens, choose: () => voice.apply("listen") },
    { name: "We are on the phone already", glyph: "call", checked: phone, choose: () => voice.apply("call") },
  ];
}

/** On small screens: who speaks, over the lower edge of the picture. @param {ConsultPage} page */
export function renderTalker(page) {
  const chip = find("#talker", HTMLElement);
  const { doc, speaking, me } = page.session;
  const seat =
    doc && page.form !== "wide" && page.form !== "middle"
      ? seatOf(
          doc,
          [...speaking].find((id) => id !== me),
        )
      : null;
  chip.hidden = !seat;
  rebuild(chip, JSON.stringify([seat]), () =>
    seat ? [avatar(seat, { speaking: true }), el("span", { text: `${seat.name} is speaking` })] : [],
  );
}
