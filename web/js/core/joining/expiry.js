/** Until when a link is valid: what is offered, and in which words. Pure: the time comes in. */
import { clockTime, formatMoment } from "../format.js";
import { t } from "../language.js";

/** @typedef {{name: string, seconds: number | null}} Expiry */

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const EVENING = 18;

/** @param {Date} now @returns {Expiry[]} */
export function expiries(now) {
  const evening = new Date(now);
  evening.setHours(EVENING, 0, 0, 0);
  const untilEvening = (evening.getTime() - now.getTime()) / 1000;
  const tomorrow = new Date(evening);
  tomorrow.setDate(tomorrow.getDate() + 1);
  return [
    { name: t("In 7 days"), seconds: 7 * DAY_S },
    ...(untilEvening > HOUR_S / 2 ? [{ name: t("Today, {hour}:00", { hour: EVENING }), seconds: untilEvening }] : []),
    { name: t("Tomorrow, {hour}:00", { hour: EVENING }), seconds: (tomorrow.getTime() - now.getTime()) / 1000 },
    { name: t("In one hour"), seconds: HOUR_S },
    { name: t("The consult ends"), seconds: null },
  ];
}

/**
 * "until 18:00", "until 25 Nov 2026, 18:00", "" without an end.
 * @param {number | null} expiresAt seconds
 * @param {Date} now
 */
export function until(expiresAt, now) {
  if (expiresAt === null) return "";
  const at = new Date(expiresAt * 1000);
  const today = at.toDateString() === now.toDateString();
  return t("until {time}", { time: today ? clockTime(expiresAt) : formatMoment(at.toISOString()) });
}
