/** The page that asks for the server's token, where the address has not brought it. */
import { t } from "../core/language.js";
import { el, find } from "../kit/dom.js";
import { languageButtons } from "../kit/settings.js";
import { brand } from "../kit/state-page.js";
import { keepsCookies, settings } from "../transport/storage.js";
import { ApiError } from "../core/api-error.js";
import { readSecret } from "../core/joining/link-address.js";
import { endWords } from "../core/words.js";
import { api } from "./api.js";

const { title, text } = endWords("cookies", location.origin);
const BLOCKED = `${title}. ${text}`;

/**
 * Trade the token of the address for a session; it leaves the address at once.
 * @returns {Promise<string>} "" or what is wrong
 */
export async function signInByAddress() {
  const token = readSecret(location.hash.slice(1));
  if (!/^[\w-]{20,}$/.test(token)) return "";
  history.replaceState(null, "", location.pathname);
  return signIn(token);
}

/** @param {string} token @returns {Promise<string>} "" or what is wrong */
async function signIn(token) {
  try {
    await api.signIn(token);
    return (await hasSession()) ? "" : BLOCKED;
  } catch (error) {
    if (error instanceof ApiError) return error.failure.message;
    throw error;
  }
}

/** The browser has kept the cookie that it was given. */
async function hasSession() {
  try {
    await api.session();
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.failure.code === "no_token") return false;
    throw error;
  }
}

/** @param {string} problem @param {() => void} onSignedIn */
export function showSignIn(problem, onSignedIn) {
  document.body.dataset.state = "signin";
  const input = el("input", {
    type: "password",
    class: "text-input",
    name: "token",
    autocomplete: "current-password",
    spellcheck: "false",
    required: true,
    "aria-describedby": "token-problem",
  });
  const status = el("p", { id: "token-problem", class: "problem", role: "alert", text: problem });
  const submit = el("button", { type: "submit", class: "button primary", text: t("Sign in") });
  const waiting = new AbortController();
  const signedIn = () => {
    waiting.abort();
    onSignedIn();
  };
  window.addEventListener(
    "hashchange",
    async () => {
      // the home's link, put into the address of this very page
      status.textContent = await signInByAddress();
      if (!status.textContent && !location.hash) signedIn();
    },
    { signal: waiting.signal },
  );
  const form = el(
    "form",
    {
      class: "state-column sign-in",
      onsubmit: async (event) => {
        event.preventDefault();
        submit.disabled = true;
        status.textContent = await signIn(input.value);
        submit.disabled = false;
        if (status.textContent) input.select();
        else signedIn();
      },
    },
    el("h1", { text: t("Your studies and consults") }),
    el("p", { text: t("Enter the token of this server. It was printed where the server was started.") }),
    el("label", {}, el("span", { text: t("Token") }), input),
    status,
    submit,
  );
  find("#app", HTMLElement).replaceChildren(
    el(
      "div",
      { class: "page" },
      el("header", { class: "brand" }, ...brand(), languageButtons(settings, keepsCookies())),
      el("main", { id: "join" }, form),
      el("footer", { class: "foot", text: t("Not for primary diagnosis") }),
    ),
  );
  document.title = t("Sign in · consult");
  input.focus();
}
