/**
 * The words of the page in the language of who reads them. The English text is the key; web/locales/de.json and its
 * brothers have the others. What a catalogue lacks is shown in English.
 *
 * The server names the language and sends its catalogue before any script of the page runs (base.html). It stays what
 * it is for as long as the page is loaded, so words may be constants of a module.
 */

/** @typedef {Record<string, unknown>} Values for the `{names}` in a text */
/**
 * @typedef {object} Catalogue
 * @property {string} language as `lang` of HTML has it
 * @property {Record<string, string | Record<string, string>>} page by the English text; what is counted: by the plural
 *   category of CLDR ("one", "other"), under its English plural
 * @property {Record<string, string>} server sentences that come from the server; its own words stand in `{braces}`
 */

/** @type {Catalogue} */
const ENGLISH = { language: "en", page: {}, server: {} };
const PLACE = /\{(\w+)\}/g;

/** Words by one catalogue; pure. @param {Catalogue} catalogue */
export function speaker({ language, page, server }) {
  // Each is made when it is first asked for: the first of a page takes tens of milliseconds, before its first picture.
  /** @type {Intl.PluralRules | undefined} */
  let plurals;
  /** @type {string | undefined} */
  let sign;
  const patterns = Object.entries(server)
    .filter(([key]) => key.includes("{"))
    .map(([key, translation]) => ({ pattern: patternOf(key), translation }));

  /** @param {string} key @param {Values} [values] */
  function text(key, values) {
    const found = page[key];
    return filled(typeof found === "string" ? found : key, values);
  }

  /** @param {number} n @param {string} one @param {string} many @param {Values} [values] besides `{n}` */
  function plural(n, one, many, values) {
    const forms = page[many];
    plurals ??= typeof forms === "object" ? new Intl.PluralRules(language) : undefined;
    const own = plurals && typeof forms === "object" ? (forms[plurals.select(n)] ?? forms.other) : undefined;
    return filled(own ?? (n === 1 ? one : many), { n, ...values });
  }

  const decimalSign = () => (sign ??= new Intl.NumberFormat(language).format(0.5).replace(/\d/g, ""));
  const withSign = (/** @type {string} */ value) => value.replace(DECIMAL, (_, n, m) => `${n}${decimalSign()}${m}`);

  /** @param {string | null | undefined} sentence @returns {string} */
  function ofServer(sentence) {
    if (!sentence) return "";
    if (Object.hasOwn(server, sentence)) return server[sentence] ?? sentence;
    for (const { pattern, translation } of patterns) {
      const values = pattern.exec(sentence)?.groups;
      if (values)
        return filled(
          translation,
          mapped(values, (value) => withSign(ofServer(value))),
        );
    }
    return sentence;
  }

  return { language, text, plural, ofServer };
}

/** The text with its values; a place without one stays as it is. @param {string} text @param {Values} [values] */
export const filled = (text, values) =>
  values ? text.replace(PLACE, (place, name) => (Object.hasOwn(values, name) ? String(values[name]) : place)) : text;

/** Finds a sentence with whatever stands in its places. @param {string} key */
function patternOf(key) {
  const parts = key.split(PLACE);
  const written = parts.map((part, i) => (i % 2 ? `(?<${part}>.+?)` : part.replace(/[.*+?^$()|[\]\\]/g, "\\$&")));
  return new RegExp(`^${written.join("")}$`, "s");
}

/** A number as the server writes it: "2,000" is two thousand, also where a comma is a decimal one. */
const THOUSANDS = /^\d{1,3}(,\d{3})+$/;
/** A decimal number of the server's, alone or with its unit: "22.4 mm". */
const DECIMAL = /^(-?\d+)\.(\d+)(?= |$)/;

/** @param {Record<string, string>} values @param {(value: string) => string} by */
const mapped = (values, by) =>
  Object.fromEntries(
    Object.entries(values).map(([n, v]) => [n, THOUSANDS.test(v) ? v.replaceAll(",", "\u00a0") : by(v)]),
  );

const own = speaker(/** @type {{consultCatalogue?: Catalogue}} */ (globalThis).consultCatalogue ?? ENGLISH);

/** The language of this page. */
export const language = own.language;

/** A text of the page: the English one is its key; `{names}` in it are filled in from the values. */
export const t = own.text;

/** The same of what is counted, with `{n}` for the number: `plural(2, "{n} hand is up", "{n} hands are up")`. */
export const plural = own.plural;

/** A sentence that the server wrote, as far as it is known here. */
export const ofServer = own.ofServer;
