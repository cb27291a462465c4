/**
 * What the browser keeps for this page. Where it is told to keep nothing, asking already throws: then the page has it
 * for as long as it is loaded.
 */

class SafeStorage {
  /** @param {() => Storage} real */
  constructor(real) {
    this.real = real;
    /** @type {Map<string, string>} */
    this.own = new Map();
  }

  /** @param {string} key @returns {string | null} */
  get(key) {
    try {
      return this.real().getItem(key);
    } catch {
      return this.own.get(key) ?? null;
    }
  }

  /** @param {string} key @param {string} value */
  set(key, value) {
    try {
      this.real().setItem(key, value);
    } catch {
      this.own.set(key, value);
    }
  }

  /** @param {string} key */
  remove(key) {
    this.own.delete(key);
    try {
      this.real().removeItem(key);
    } catch {
      // nothing is kept
    }
  }
}

/** For this browser. */
export const local = new SafeStorage(() => localStorage);
/** For this tab. */
export const session = new SafeStorage(() => sessionStorage);

const ROLE = "consult-signer-role";

/** As somebody of that name called their role when they signed last in this browser, or as their account has it: others
 * may sit before it too. */
export const signerRole = {
  get: (/** @type {string} */ name) => local.get(`${ROLE} ${name}`) ?? "",
  set: (/** @type {string} */ name, /** @type {string} */ role) => local.set(`${ROLE} ${name}`, role),
};

const POINTS = "consult-points";

/** That this tab came as a pointer: a finger points from the beginning. */
export const pointsFirst = {
  get: () => session.get(POINTS) === "1",
  set: () => session.set(POINTS, "1"),
};

const PROBE = "consult-probe=1";

/** Whether this browser keeps cookies of this address: `navigator.cookieEnabled` is true too where its settings block
 * them. Where a proxy takes them away, only the server can tell. */
export function keepsCookies() {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  const write = (/** @type {number} */ age) => (document.cookie = `${PROBE}; Max-Age=${age}; SameSite=Lax`);
  write(60);
  const kept = document.cookie.includes(PROBE);
  write(0);
  return kept;
}

/** The server renders its pages in this language (consult/http/pages/languages.py). Seconds: as long as browsers keep
 * one. */
const COOKIE = { name: "language", max_age: 400 * 86_400 };

/** What a person sets for this browser. */
export const settings = {
  get singleKeys() {
    return local.get("consult-single-keys") !== "off";
  },
  set singleKeys(on) {
    local.set("consult-single-keys", on ? "on" : "off");
  },
  /** "": as the browser asks for. */
  get language() {
    return local.get("consult-language") ?? "";
  },
  set language(language) {
    local.set("consult-language", language);
    const path = new URL(document.documentElement.dataset.root ?? "./", location.href).pathname;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = `${COOKIE.name}=${language}; Path=${path}; Max-Age=${COOKIE.max_age}; SameSite=Lax`;
  },
  get contrast() {
    return local.get("consult-contrast") === "high" ? "high" : "normal";
  },
  set contrast(contrast) {
    local.set("consult-contrast", contrast);
  },
  /** Device pixels of a millimetre of the screen; 0: nobody has measured it. */
  get pixelsPerMm() {
    const pixels = Number(local.get("consult-pixels-per-mm"));
    return Number.isFinite(pixels) ? pixels : 0;
  },
  set pixelsPerMm(pixels) {
    local.set("consult-pixels-per-mm", String(pixels));
  },
  /** Where the active picture cuts the others. */
  get referenceLines() {
    return local.get("consult-reference-lines") !== "off";
  },
  set referenceLines(on) {
    local.set("consult-reference-lines", on ? "on" : "off");
  },
  /** A sound where somebody waits to be let in. */
  get lobbySound() {
    return local.get("consult-lobby-sound") !== "off";
  },
  set lobbySound(on) {
    local.set("consult-lobby-sound", on ? "on" : "off");
  },
  get dragDown() {
    return local.get("consult-window-drag") === "brighter" ? "brighter" : "darker";
  },
  set dragDown(direction) {
    local.set("consult-window-drag", direction);
  },
};
