/** Sign-ins in words. Pure. */
/** @import {SignIn, SignIns} from "../api.js" */
import { formatMoment } from "../../core/format.js";
import { plural, t } from "../../core/language.js";

const [MINUTE_S, HOUR_S, DAY_S] = [60, 3600, 86_400];
/** Who was here so lately is here. */
const NOW_S = 120;

/** @type {Record<SignIn["way"], string>} */
const WAYS = {
  password: t("by password"),
  provider: t("by your organization’s account"),
  launch: t("from another system"),
  token: t("by the server’s token"),
};

/** Where, and how: "Firefox, Linux, 10.1.2.3 · by password". @param {SignIn} one */
export const signInWords = ({ browser, address, way }) =>
  [[browser || t("Unknown browser"), address].filter(Boolean).join(", "), WAYS[way]].join(" · ");

/** Since when, and when last. @param {SignIn} one @param {number} now seconds since 1970 */
export function usedWords({ began_at, used_at }, now) {
  const since = t("since {time}", { time: moment(began_at) });
  return now - used_at < NOW_S ? since : `${since} · ${t("last used {time}", { time: moment(used_at) })}`;
}

/** When they end by themselves. @param {SignIns} limits */
export const limitWords = ({ idle_s, max_s }) =>
  t("A sign-in ends {idle} after you last did something here, and {max} after it began.", {
    idle: duration(idle_s),
    max: duration(max_s),
  });

/** @param {number} seconds */
function duration(seconds) {
  if (seconds % DAY_S === 0) return plural(seconds / DAY_S, "{n} day", "{n} days");
  if (seconds % HOUR_S === 0) return plural(seconds / HOUR_S, "{n} hour", "{n} hours");
  return plural(Math.round(seconds / MINUTE_S), "{n} minute", "{n} minutes");
}

/** @param {number} seconds since 1970 */
const moment = (seconds) => formatMoment(new Date(seconds * 1000).toISOString());
