/** Where one is signed in, to be ended one by one or all others. */
/** @import {Account, SignIn, SignIns} from "../api.js" */
import { ApiError } from "../../core/api-error.js";
import { t } from "../../core/language.js";
import { showClosable } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { api } from "../api.js";
import { limitWords, signInWords, usedWords } from "./words.js";

/** Show them until they are closed. @param {Account | null} account null: signed in by the server's token */
export async function showSignIns(account) {
  const dialog = new SignInsDialog(account);
  const shown = showClosable(t("Where you are signed in"), "sign-ins", dialog.element);
  await dialog.attempt(() => api.signIns());
  await shown;
}

class SignInsDialog {
  /** @param {Account | null} account */
  constructor(account) {
    this.account = account;
    /** @type {SignIns | null} */
    this.found = null;
    this.problem = "";
    this.element = el("div", { class: "sign-in-list" });
  }

  /** @param {() => Promise<SignIns>} act */
  async attempt(act) {
    try {
      this.found = await act();
      this.problem = "";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.failure.message;
    }
    this.draw();
  }

  draw() {
    const { account, found, problem } = this;
    const all = found?.sign_ins ?? [];
    const who = account
      ? t("{full_name}, as {name}", { full_name: account.full_name, name: account.name })
      : t("By the server’s token, which is nobody’s name");
    draw(
      this.element,
      html`<p class="quiet">${who}</p>${
        problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing
      }<ul>${all.map((one) => this.line(one))}</ul>${
        all.length > 1
          ? control({
              class: "button",
              label: t("End all others"),
              more: t("End all others"),
              do: () => void this.attempt(() => api.endOtherSignIns()),
            })
          : nothing
      }${found ? html`<p class="quiet">${limitWords(found)}</p>` : nothing}`,
    );
  }

  /** @param {SignIn} one */
  line(one) {
    const words = signInWords(one);
    return html`<li data-sign-in=${one.here ? "here" : "elsewhere"}><div><bdi>${words}</bdi><span class="quiet"
          >${usedWords(one, Date.now() / 1000)}</span
        ></div>${
          one.here
            ? html`<span class="quiet">${t("This browser")}</span>`
            : control({
                class: "button small",
                label: t("End: {what}", { what: words }),
                more: t("End"),
                do: () => void this.attempt(() => api.endSignIn(one.id)),
              })
        }</li>`;
  }
}
