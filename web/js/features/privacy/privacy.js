/**
 * The host hides from guests who the patients are, or shows it again; is warned of pictures that may say it, and may
 * black out parts of them.
 */
/** @import {FeatureContext} from "../context.js" */
/** @import {Item} from "../../kit/menu.js" */
import { t } from "../../core/language.js";
import { seriesName } from "../../core/view/corner.js";
import { mayNameSomebody } from "../../core/privacy/hidden.js";
import { named } from "../../core/words.js";
import { ask } from "../../kit/dialog.js";
import { Blackouts } from "./blackouts.js";

export class Privacy {
  /** @param {Pick<FeatureContext, "session" | "command" | "notices" | "stage" | "toolbox">} context */
  constructor(context) {
    this.context = context;
    this.blackouts = new Blackouts(context, () => void this.toggle());
    context.session.on("changed", (before, after) => before.current !== after.current && this.remind());
  }

  get hidden() {
    return !!this.context.session.doc?.patients_hidden;
  }

  /** Hosts, while the connection stands. @returns {Item[]} */
  get items() {
    const { live, standing } = this.context.session;
    if (!live || !standing?.host || standing.reads) return [];
    const name = this.hidden ? t("Show patient data to guests") : t("Hide patient data from guests");
    return [
      { name, glyph: "eye", line: true, choose: () => void this.toggle() },
      { name: t("Black out parts of pictures"), glyph: "region", choose: () => this.blackouts.start() },
    ];
  }

  async toggle() {
    const { command } = this.context;
    const hidden = !this.hidden;
    const answer = await ask({
      title: hidden ? t("Hide patient data from guests?") : t("Show patient data to guests?"),
      text: hidden
        ? [
            t("Guests read Case 1 in place of name, ID and birth date: on pictures, in lists, notes and links."),
            t("What is written in chat, findings and notes stays as it is. Their pages come back in a moment."),
            this.warning,
          ]
            .filter(Boolean)
            .join(" ")
        : t("Guests read name, ID and birth date again. Their pages come back in a moment."),
      choices: [
        { name: t("Cancel"), value: "", safe: true },
        ...(hidden && this.warning && !this.blackouts.on ? [{ name: t("Black out parts first"), value: "first" }] : []),
        { name: hidden ? t("Hide") : t("Show"), value: "yes", class: "button primary" },
      ],
    });
    if (answer === "first") this.blackouts.start();
    if (answer === "yes") await command({ type: "hide_patients", hidden });
  }

  /** Which pictures of the case on the stage may say who it is; "" for none. */
  get warning() {
    const found = mayNameSomebody(this.context.session.kase).map(seriesName);
    return found.length > 0
      ? t("Look at these first, a name may stand in the picture itself: {series}.", { series: named(found) })
      : "";
  }

  /** Another case is on the stage. */
  remind() {
    const { session, notices } = this.context;
    const action = { name: t("Black out"), do: () => this.blackouts.start() };
    if (session.standing?.host && this.hidden && this.warning)
      notices.show({ text: this.warning, glyph: "warn", warn: true, action });
  }
}
