/**
 * The page that a link opens: who invites, a name, come in. Nothing is taken before somebody acts: messengers and mail
 * filters open links too. The secret leaves the address once the seat is taken: until then the page can be loaded
 * again. Who is let in at once goes on in this very document (viewer.js).
 */
/** @import {Failure} from "../transport/join-api.js" */
/** @import {Wish} from "../core/voice/wish.js" */
import { formatMoment } from "../core/format.js";
import { t } from "../core/language.js";
import { isToPoint, readLink } from "../core/joining/link-address.js";
import { fragmentOf, wishOf } from "../core/voice/wish.js";
import { endReason, endWords, whyNot, MAY_READ } from "../core/words.js";
import { find } from "../kit/dom.js";
import { applySettings, languageButtons } from "../kit/settings.js";
import { loadGlyphs } from "../kit/sprite.js";
import { keepsCookies, pointsFirst, settings } from "../transport/storage.js";
import { brand, stateColumn } from "../kit/state-page.js";
import { askAgain, lobbyState, previewInvitation, seatState, takeSeat } from "../transport/join-api.js";
import { pinProblem } from "../core/joining/spoken-code.js";
import { InvitationForm, NO_NAME } from "./invitation-form.js";
import { Lobby } from "./lobby.js";
import { enterSeat, expectedScreen, loadViewer } from "./viewer.js";

const RETRY_MS = 5000;

const main = find("#join", HTMLElement);
const loading = find("#loading", HTMLElement);
const link = readLink(location.href);
if (isToPoint(location.href)) pointsFirst.set();
const path = new URL(`${document.documentElement.dataset.root}${link.path}`, location.href).pathname;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retry;

/** @param {Node} content */
function show(content) {
  clearTimeout(retry);
  loading.hidden = true;
  main.replaceChildren(content);
}

/** @param {Failure["error"]} error @param {() => void} [again] what to try once more */
function showFailure(error, again = () => void begin()) {
  const reason = endReason(error.code);
  const { dataset } = document.body;
  dataset.state = reason ? "ended" : "joining";
  dataset.why = whyNot(error.code);
  if (reason) dataset.reason = reason;
  const words = endWords(error.code, location.origin);
  if (error.code === "expired" && error.until)
    words.text = `${t("It was valid until {time}.", { time: formatMoment(error.until) })} ${words.text}`;
  const mayPass = !reason || error.code === "full";
  const { seat } = error;
  if (seat) words.text = `${words.text} ${MAY_READ}`;
  show(
    stateColumn(words, [
      ...(mayPass ? [{ name: t("Try again"), primary: true, do: again }] : []),
      ...(seat ? [{ name: t("Open the note"), primary: true, do: () => location.replace(seat) }] : []),
    ]),
  );
  if (!reason && error.code !== "cookies") retry = setTimeout(again, RETRY_MS);
}

/** @param {string} name @param {Wish} wish @param {string} [pin]
 * @returns {Promise<string>} "" or what is wrong with name or PIN */
async function comeIn(name, wish, pin = "") {
  clearTimeout(retry);
  performance.mark("consult-join");
  const answer = await takeSeat(path, link.secret, name, pin, expectedScreen());
  if ("error" in answer) {
    if (answer.error.code === "no_name" || answer.error.code === "malformed") return NO_NAME;
    const problem = pinProblem(answer.error);
    if (!problem) showFailure(answer.error, () => void comeIn(name, wish, pin));
    return problem;
  }
  performance.mark("consult-seat");
  if (answer.enters) await enterSeat(answer.seat, wish, answer.stills);
  else await goTo(answer.seat, wish);
  return "";
}

/** To the page of a seat, where it would let us in. @param {string} seat @param {Wish} wish */
async function goTo(seat, wish) {
  const state = await seatState(seat);
  if ("error" in state && state.error.code === "no_seat") return void blockedCookies();
  history.replaceState(null, "", location.pathname);
  location.replace(`${seat}${fragmentOf(wish)}`);
}

function blockedCookies() {
  showFailure({ code: "cookies" });
  return "";
}

async function begin() {
  clearTimeout(retry);
  if (!link.whole || !link.path) return showFailure({ code: "incomplete" });
  if (!keepsCookies()) return void blockedCookies();
  const asked = performance.now();
  const info = await previewInvitation(path, link.secret);
  if ("error" in info) return showFailure(info.error);
  document.body.dataset.state = "joining";
  delete document.body.dataset.why;
  if (info.returning) return void (await comeIn(info.name, "listen"));
  const form = new InvitationForm(info, performance.now() - asked, comeIn);
  show(form.element);
  form.ready();
  void loadViewer().catch(() => {}); // it is tried again, and said, when it is needed
}

/** The address of a seat, in a browser that may not sit there (yet): why, only the server knows. */
async function explain() {
  clearTimeout(retry);
  const seat = `${location.pathname.replace(/\/$/, "")}/`;
  const waiting = await lobbyState(seat);
  if (!("error" in waiting) && waiting.state === "lobby") return beforeTheDoor(seat, waiting);
  if ("error" in waiting && waiting.error.code === "denied") return showDenied(seat, !!waiting.error.may_ask);
  const state = await seatState(seat);
  if ("error" in state) showFailure(state.error, () => void explain());
  else location.reload();
}

/** @param {string} seat @param {import("../transport/join-api.js").Waiting} waiting */
function beforeTheDoor(seat, waiting) {
  document.body.dataset.state = "lobby";
  delete document.body.dataset.why;
  delete document.body.dataset.reason;
  const lobby = new Lobby(seat, waiting, {
    comeIn: () => void enterSeat(seat, wishOf(location.hash)),
    failed: (error) =>
      error.code === "denied" ? showDenied(seat, !!error.may_ask) : showFailure(error, () => void explain()),
    left: () => showEnded("left", [{ name: t("Come back"), primary: true, do: () => void explain() }]),
  });
  show(lobby.element);
  void loadViewer().catch(() => {});
}

/** Nobody has let them in. @param {string} seat @param {boolean} mayAsk once more */
function showDenied(seat, mayAsk) {
  const again = async () => {
    const waiting = await askAgain(seat);
    if ("error" in waiting) showDenied(seat, false);
    else beforeTheDoor(seat, waiting);
  };
  showEnded("denied", mayAsk ? [{ name: t("Ask again"), do: () => void again() }] : []);
}

/** @param {string} reason @param {import("../kit/state-page.js").PageAction[]} actions */
function showEnded(reason, actions) {
  document.body.dataset.state = "ended";
  document.body.dataset.reason = document.body.dataset.why = reason;
  show(stateColumn(endWords(reason), actions));
}

applySettings(settings);
find(".brand", HTMLElement).append(...brand(), languageButtons(settings, keepsCookies()));
void loadGlyphs();
void (link.path ? begin() : explain());
