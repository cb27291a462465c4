/**
 * The page of a launch link: an EHR or a PACS has sent somebody here. The link leaves the address at once, and is used
 * by this page alone, not by whatever merely looks at it.
 */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { find } from "../../kit/dom.js";
import { applySettings, languageButtons } from "../../kit/settings.js";
import { loadGlyphs } from "../../kit/sprite.js";
import { brand, stateColumn } from "../../kit/state-page.js";
import { keepsCookies, settings, signerRole } from "../../transport/storage.js";
import { api } from "../api.js";

/** @param {string} text */
function showProblem(text) {
  document.body.dataset.state = "ended";
  document.body.dataset.reason = "launch";
  find("#loading", HTMLElement).hidden = true;
  const home = { name: t("To the studies"), primary: true, do: () => location.replace("./") };
  const words = { glyph: "warn", title: t("The study is not opened"), text };
  find("#join", HTMLElement).replaceChildren(stateColumn(words, [home]));
}

async function begin() {
  applySettings(settings);
  find(".brand", HTMLElement).append(...brand(), languageButtons(settings, keepsCookies()));
  void loadGlyphs();
  const query = location.search.slice(1);
  history.replaceState(null, "", location.pathname);
  try {
    const { seat, user } = await api.launch(query);
    if (user.title) signerRole.set(user.full_name, user.title);
    location.replace(seat);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showProblem(error.failure.message);
  }
}

void begin();
