/** Whose name could be taken for another's. */
/** @import {Seat} from "../../wire.js" */
import { t } from "../language.js";

/** Letters of Cyrillic and Greek that a reader takes for Latin ones. */
const ALIKE = new Map([..."аеорсухіјѕнмтквαορνυι"].map((letter, i) => [letter, "aeopcyxijshmtkbaopvui"[i]]));

/** A name without what a reader passes over: case, accents, spaces, signs. Twin of `folded` in consult/model/text.py.
 * @param {string} name */
export function folded(name) {
  const plain = [...name.normalize("NFKD").toLowerCase()].map((letter) => ALIKE.get(letter) ?? letter).join("");
  return plain.replace(/[^\p{L}\p{N}]/gu, "") || name;
}

/** A seat as others read it: a guest with a host's name says so.
 * @param {Seat} seat @param {readonly Seat[]} seats @param {string} hostName @returns {Seat} */
export function displayedSeat(seat, seats, hostName) {
  if (seat.role === "host") return seat;
  const name = folded(seat.name);
  const hosts = [hostName, ...seats.filter((s) => s.role === "host").map((s) => s.name)];
  return hosts.some((host) => folded(host) === name)
    ? { ...seat, name: t("{name} (guest)", { name: seat.name }) }
    : seat;
}
