/** Following, and looking around by oneself: the view of this page's own, and who asks all to follow. */
/** @import {Act, FeatureContext} from "../context.js" */
/** @import {ServerMessage} from "../../wire.js" */
import { t } from "../../core/language.js";
import { namesOf, independentOthers } from "../../core/session/driving.js";
import { announce } from "../../kit/notice.js";
import { IndependentView } from "./independent-view.js";

/**
 * @typedef {Pick<FeatureContext, "session" | "send" | "navigation" | "stage" | "notices" | "redraw" | "tab">}
 *   FollowContext
 */

export class Follow {
  /** @param {FollowContext} context */
  constructor(context) {
    this.context = context;
    this.view = new IndependentView(context);
    this.actions = { follow: () => this.view.toggle() };
    const { session } = context;
    session.on("message", (message) => this.receive(message));
    session.on("live", () => this.view.connected());
    session.on("changed", (before, after) => {
      if (before.case !== after.case || session.drives) this.view.end();
    });
  }

  /** @param {ServerMessage} message */
  receive(message) {
    if (message.type === "exploring") this.view.receive(message);
    else if (message.type === "follow_requested") this.asked(message.by);
  }

  /** Who presents wants to be followed. @param {string} by seat */
  asked(by) {
    const { session, notices } = this.context;
    const { doc, online } = session;
    if (!this.view.on || !doc) return;
    const text = t("{name} asks everybody to look here", { name: namesOf(doc, online).get(by)?.name ?? "" });
    notices.show({ text: `${text}.`, glyph: "eye", action: { name: t("Go"), do: () => this.view.back() } });
    announce(text);
  }

  /** What is open to this page. @returns {Act[]} */
  get acts() {
    const { session, send } = this.context;
    const { doc, standing } = session;
    if (!doc || !standing || !session.live) return [];
    if (this.view.on)
      return [
        {
          name: t("Back to {presenter}", { presenter: this.view.presenter }),
          word: t("Back to host"),
          glyph: "eye",
          key: "F",
          primary: true,
          do: () => this.view.back(),
        },
      ];
    if (!standing.drives) return [{ name: t("Look around"), glyph: "compass", key: "F", do: () => this.view.toggle() }];
    if (independentOthers(session) === 0) return [];
    return [{ name: t("Look here"), glyph: "eye", do: () => void send({ type: "request_follow", case: doc.case }) }];
  }
}
