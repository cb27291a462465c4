/** The page that asks who one is: by user name, by an organization's account, or by the server's token. */
/** @import {Ways} from "../api.js" */
import { t } from "../../core/language.js";
import { el, find } from "../../kit/dom.js";
import { languageButtons } from "../../kit/settings.js";
import { brand } from "../../kit/state-page.js";
import { keepsCookies, settings } from "../../transport/storage.js";
import { ApiError } from "../../core/api-error.js";
import { readSecret } from "../../core/joining/link-address.js";
import { endWords } from "../../core/words.js";
import { api } from "../api.js";

const { title, text } = endWords("cookies", location.origin);
const BLOCKED = `${title}. ${text}`;
/** Which fields are shown; "": none, the organization's account alone. @typedef {"password" | "token" | ""} By */
/** @type {Ways} */
const TOKEN_ALONE = { password: false, provider: "" };

/**
 * Trade the token of the address for a session; it leaves the address at once.
 * @returns {Promise<string>} "" or what is wrong
 */
export async function signInByAddress() {
  const token = readSecret(location.hash.slice(1));
  if (!/^[\w-]{20,}$/.test(token)) return "";
  history.replaceState(null, "", location.pathname);
  return signIn({ token });
}

/** @param {{token: string} | {user: string, password: string}} proof @returns {Promise<string>} "" or what is wrong */
async function signIn(proof) {
  try {
    await api.signIn(proof);
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

/** How one can sign in here; by the token, whatever the server answers. @returns {Promise<Ways>} */
async function offered() {
  try {
    return await api.ways();
  } catch (error) {
    if (error instanceof ApiError) return TOKEN_ALONE;
    throw error;
  }
}

/** @param {string} problem @param {() => void} onSignedIn */
export async function showSignIn(problem, onSignedIn) {
  const ways = await offered();
  const waiting = new AbortController();
  const form = new SignInForm(ways, problem, () => {
    waiting.abort();
    onSignedIn();
  });
  document.body.dataset.state = "signin";
  window.addEventListener("hashchange", () => void form.byAddress(), { signal: waiting.signal });
  find("#app", HTMLElement).replaceChildren(
    el(
      "div",
      { class: "page" },
      el("header", { class: "brand" }, ...brand(), languageButtons(settings, keepsCookies())),
      el("main", { id: "join" }, form.element),
      el("footer", { class: "foot", text: t("Not for primary diagnosis") }),
    ),
  );
  document.title = t("Sign in · consult");
  form.focus();
  if (location.hash) void form.byAddress(); // put in while the ways were asked for
}

class SignInForm {
  /** @param {Ways} ways @param {string} problem @param {() => void} onSignedIn */
  constructor(ways, problem, onSignedIn) {
    this.ways = ways;
    this.onSignedIn = onSignedIn;
    /** @type {By} */
    this.by = ways.password ? "password" : ways.provider ? "" : "token";
    this.status = el("p", { id: "sign-in-problem", class: "problem", role: "alert", text: problem });
    this.user = field({ type: "text", name: "username", autocomplete: "username", autocapitalize: "none" });
    this.password = field({ type: "password", name: "password", autocomplete: "current-password" });
    this.token = field({ type: "password", name: "token", autocomplete: "current-password" });
    this.submit = el("button", { type: "submit", class: "button primary", text: t("Sign in") });
    this.element = el("form", {
      class: "state-column sign-in",
      onsubmit: (event) => {
        event.preventDefault();
        void this.send();
      },
    });
    this.draw();
  }

  draw() {
    const { by } = this;
    const { provider } = this.ways;
    this.submit.className = provider ? "button" : "button primary";
    const parts = [
      el("h1", { text: t("Your studies and consults") }),
      provider &&
        el("a", { class: "button primary", href: "api/oidc/start", text: t("Sign in with {provider}", { provider }) }),
      ...(by === "token" ? this.tokenFields() : by === "password" ? this.passwordFields() : []),
      this.status,
      by && this.submit,
      this.other(),
    ];
    this.element.replaceChildren(...parts.filter((part) => part instanceof Node));
  }

  passwordFields() {
    return [line(t("User name"), this.user), line(t("Password"), this.password)];
  }

  tokenFields() {
    const where = t("Enter the token of this server. It was printed where the server was started.");
    return [el("p", { text: where }), line(t("Token"), this.token)];
  }

  /** The way that is not shown. */
  other() {
    const { password, provider } = this.ways;
    if (!password && !provider) return null;
    const [by, name] = /** @type {[By, string]} */ (
      this.by !== "token"
        ? ["token", t("Use the server’s token")]
        : password
          ? ["password", t("Use a user name")]
          : ["", t("Back")]
    );
    const turn = () => {
      this.by = by;
      this.status.textContent = "";
      this.draw();
      this.focus();
    };
    return el("button", { type: "button", class: "button bare", text: name, onclick: turn });
  }

  focus() {
    const { by, user, token, element } = this;
    (by === "password" ? user : by === "token" ? token : element.querySelector("a"))?.focus();
  }

  async send() {
    const { by, user, password, token } = this;
    this.submit.disabled = true;
    this.status.textContent = await signIn(
      by === "token" ? { token: token.value } : { user: user.value, password: password.value },
    );
    this.submit.disabled = false;
    if (this.status.textContent) (by === "token" ? token : password).select();
    else this.onSignedIn();
  }

  /** The home's link, put into the address of this very page. */
  async byAddress() {
    const problem = await signInByAddress();
    if (location.hash) return; // it was no token
    this.status.textContent = problem;
    if (!problem) this.onSignedIn();
  }
}

/** @param {Record<string, string>} attributes */
const field = (attributes) =>
  el("input", {
    class: "text-input",
    spellcheck: "false",
    required: true,
    "aria-describedby": "sign-in-problem",
    ...attributes,
  });

/** @param {string} name @param {HTMLInputElement} input */
const line = (name, input) => el("label", {}, el("span", { text: name }), input);
