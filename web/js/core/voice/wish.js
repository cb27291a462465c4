/**
 * How somebody wants to take part by ear, as chosen before joining. It goes to the viewer in the fragment of its
 * address, since a browser may keep nothing; the viewer takes it out at once.
 */

/** @typedef {"speak" | "listen" | "phone"} Wish speak: with a microphone; phone: neither microphone nor sound */

/** @param {Wish} wish */
export const fragmentOf = (wish) => (wish === "listen" ? "" : `#${wish}`);

/** @param {string} hash of the address @returns {Wish} */
export const wishOf = (hash) => (hash === "#speak" ? "speak" : hash === "#phone" ? "phone" : "listen");
