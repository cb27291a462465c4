/** One's own password: changed by who knows the one of now. */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { shown } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";
import { announce } from "../../kit/notice.js";
import { api } from "../api.js";

/** Ask for it until it is changed or cancelled. */
export async function changePassword() {
  const current = field("current-password");
  const next = field("new-password");
  const again = field("new-password");
  const problem = el("p", { class: "problem", role: "alert" });
  const submit = el("button", { type: "submit", class: "button primary", text: t("Change") });
  const title = t("Change your password");
  const dialog = el("dialog", { "aria-label": title });
  const send = async () => {
    if (next.value !== again.value) return t("The two new passwords differ.");
    submit.disabled = true;
    const wrong = await changed(current.value, next.value);
    submit.disabled = false;
    return wrong;
  };
  const form = el(
    "form",
    {
      class: "password-form",
      onsubmit: async (event) => {
        event.preventDefault();
        problem.textContent = await send();
        if (!problem.textContent) dialog.close("changed");
      },
    },
    el("h2", { text: title }),
    line(t("Password as it is now"), current),
    line(t("New password, at least 15 characters; a sentence is a good one"), next),
    line(t("New password, once more"), again),
    el("p", { class: "quiet", text: t("Wherever else you are signed in you are signed out.") }),
    problem,
    el(
      "div",
      { class: "row" },
      el("button", { type: "button", class: "button", text: t("Cancel"), onclick: () => dialog.close("") }),
      submit,
    ),
  );
  dialog.append(form);
  if ((await shown(dialog)) === "changed") announce(t("Your password is changed."));
}

/** @param {string} current @param {string} next @returns {Promise<string>} "" or what is wrong */
async function changed(current, next) {
  try {
    await api.changePassword(current, next);
    return "";
  } catch (error) {
    if (error instanceof ApiError) return error.failure.message;
    throw error;
  }
}

/** @param {string} kind */
const field = (kind) =>
  el("input", { type: "password", class: "text-input", autocomplete: kind, required: true, spellcheck: "false" });

/** @param {string} name @param {HTMLInputElement} input */
const line = (name, input) => el("label", {}, el("span", { class: "quiet", text: name }), input);
