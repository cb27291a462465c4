/** The links of a consult: those of the home ask by its identifier, a host in the consult by the own seat. */
/** @import {Invitation, Invitations, NewInvitation, SpokenCode} from "../core/joining/invitations.js" */
import { ask } from "./json.js";

export class Links {
  /** @param {string} path of all links @param {typeof ask} [asking] */
  constructor(path, asking = ask) {
    this.path = path;
    this.ask = asking;
  }

  /** @returns {Promise<Invitations>} */
  list() {
    return this.ask("GET", this.path);
  }

  /** @param {NewInvitation} wish @returns {Promise<Invitation>} */
  make(wish) {
    return this.ask("POST", this.path, wish);
  }

  /** @param {string} invitation @returns {Promise<Invitations>} */
  revoke(invitation) {
    return this.ask("DELETE", this.path, { invitation });
  }

  /** A code to say, for one person who takes part. @returns {Promise<SpokenCode>} */
  makeCode() {
    return this.ask("POST", this.path.replace(/invitations$/, "codes"), { role: "participant" });
  }

  /** The drawing of a link's QR code. @param {string} invitation
   * @param {boolean} [points] a phone that comes by it has the pointer in hand @returns {Promise<Node | null>} */
  async qrCode(invitation, points = false) {
    const address = `${this.path}/${encodeURIComponent(invitation)}/qr.svg${points ? "?points=1" : ""}`;
    const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return null;
    const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
    return drawn.nodeName === "svg" ? document.importNode(drawn, true) : null;
  }
}
