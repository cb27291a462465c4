/** Critical results in words. Pure: the time comes in, by the server's clock. */
/** @import {Acknowledgement, Critical, Notice, Recipient, Site} from "../../../wire.js" */
import { plural, t } from "../../language.js";
import { momentWords } from "../moment.js";
import { BACKUP, FIRST, NOBODY, standOf } from "./critical.js";
import { siteMinutes } from "./raising.js";

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** "30 minutes", "6 hours", "3 days". @param {number} seconds */
export function spanWords(seconds) {
  if (seconds >= DAY_S && seconds % DAY_S === 0) return plural(seconds / DAY_S, "{n} day", "{n} days");
  if (seconds >= HOUR_S && seconds % HOUR_S === 0) return plural(seconds / HOUR_S, "{n} hour", "{n} hours");
  return plural(Math.round(seconds / MINUTE_S), "{n} minute", "{n} minutes");
}

/** "42 s", "12 min", "5 h 10 min", "2 d 4 h": so much is left, or has passed. @param {number} seconds */
export function shortSpan(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  if (left < 2 * MINUTE_S) return `${left} s`;
  if (left < 2 * HOUR_S) return `${Math.floor(left / MINUTE_S)} min`;
  const [hours, minutes] = [Math.floor(left / HOUR_S), Math.floor((left % HOUR_S) / MINUTE_S)];
  if (hours < 48) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  const days = `${Math.floor(hours / 24)} ${t("d")}`;
  return hours % 24 > 0 ? `${days} ${hours % 24} h` : days;
}

/** "Category 1, within 30 minutes". @param {Site} site @param {1 | 2 | 3} category */
export const categoryWords = (site, category) =>
  t("Category {n}, within {time}", { n: category, time: spanWords(60 * siteMinutes(site, category)) });

/** "Category 1". @param {Critical} critical */
export const categoryName = ({ category }) => t("Category {n}", { n: category });

/** Short: "12 min left", "no answer", "acknowledged". @param {Critical} critical @param {number | null} now */
export function leftWords(critical, now) {
  const stand = standOf(critical);
  if (stand === "closed") return t("closed");
  if (stand === "acknowledged") return t("acknowledged");
  if (critical.stage >= NOBODY) return t("no answer");
  if (now === null) return "";
  return critical.due_at > now ? t("{time} left", { time: shortSpan(critical.due_at - now) }) : t("time is over");
}

/** Whom it waits for, and what comes next. @param {Critical} critical @param {number | null} now */
export function nextWords(critical, now) {
  const { stage, to, backup, due_at } = critical;
  const names = { to: to.name, backup: backup.name };
  if (standOf(critical) !== "open") return "";
  if (stage >= NOBODY)
    return t("Neither {to} nor {backup} has answered in time. Telephone them, and say so here.", names);
  const time = now === null || due_at <= now ? t("at once") : t("in {time}", { time: shortSpan(due_at - now) });
  return stage === FIRST
    ? t("{to} is asked. {backup} is asked {time}, if nobody answers.", { ...names, time })
    : t("{to} has not answered, so {backup} is asked. It counts as unanswered {time}.", { ...names, time });
}

/** "Dr. Ward, by e-mail too". @param {Recipient} person */
export const recipientWords = ({ name, seat, email }) =>
  [name, seat ? t("in this consult") : "", email ?? ""].filter(Boolean).join(" · ");

/**
 * What became of a notice.
 * @param {Notice} notice @param {number | null} now @param {(sentence: string) => string} of
 * @param {boolean} [isOpen] nobody has acknowledged or closed its result: it is tried again
 */
export function noticeWords(notice, now, of, isOpen = true) {
  const way = notice.channel === "email" ? t("E-mail to {to}", { to: notice.to }) : t("Webhook");
  const whom = notice.stage === BACKUP ? t("{way}, for the backup", { way }) : way;
  const why = notice.sentence ? ` ${of(notice.sentence)}` : "";
  if (notice.state === "sent") return t("{way}: sent.", { way: whom });
  if (notice.state === "failed") return `${t("{way}: not delivered.", { way: whom })}${why}`;
  if (!isOpen) return t("{way}: no longer needed.", { way: whom });
  if (notice.tries === 0) return t("{way}: on its way.", { way: whom });
  const time =
    now === null || notice.next_at <= now ? t("now") : t("in {time}", { time: shortSpan(notice.next_at - now) });
  const tried = plural(
    notice.tries,
    "{way}: failed once, tried again {time}.",
    "{way}: failed {n} times, tried again {time}.",
    {
      way: whom,
      time,
    },
  );
  return `${tried}${why}`;
}

/** By which ways this server tells people who are not in the consult. @param {Site} site */
export function waysWords({ webhook, email }) {
  if (webhook && email)
    return t("A notice without any patient data goes out by webhook, and by e-mail where you give an address.");
  if (email) return t("A notice without any patient data goes out by e-mail where you give an address.");
  if (webhook) return t("A notice without any patient data goes out by webhook.");
  return t("This server sends no notices: people see it in this consult alone. Telephone whoever is not here.");
}

/** Who took it, how and when. @param {Acknowledgement} taken @param {string} by the name of who says so
 * @param {number} offset_min of the server's zone */
export function acknowledgedWords(taken, by, offset_min) {
  const values = { name: taken.name, by, time: momentWords(taken.told_at, offset_min) };
  if (taken.how === "read_back") return t("{name} acknowledged it on {time} and read it back:", values);
  if (taken.how === "voice") return t("{name} read it back by voice on {time}, says {by}.", values);
  return t("{name} was told by telephone on {time}, says {by}.", values);
}

/** What is said before a consult is ended that has these open; "" where there is none. @param {Critical[]} open */
export function endingWords(open) {
  const waiting = open.filter((critical) => standOf(critical) === "open").length;
  if (waiting > 0)
    return plural(
      waiting,
      "Nobody has acknowledged {n} critical result: its clock goes on, and it stays red on your home.",
      "Nobody has acknowledged {n} critical results: their clocks go on, and they stay red on your home.",
    );
  return open.length > 0
    ? plural(
        open.length,
        "{n} critical result is not closed: it stays red on your home.",
        "{n} critical results are not closed: they stay red on your home.",
      )
    : "";
}
