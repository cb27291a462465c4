/** Lists of records. Pure. */

/** Put a record in the place of the one of its name, or last.
 * @template {object} T @param {readonly T[]} records @param {T} record @param {keyof T} [name] @returns {T[]} */
export const put = (records, record, name = /** @type {keyof T} */ ("id")) =>
  records.some((r) => r[name] === record[name])
    ? records.map((r) => (r[name] === record[name] ? record : r))
    : [...records, record];

/** All but the one of that id.
 * @template {{id: string}} T @param {readonly T[]} records @param {string} id @returns {T[]} */
export const without = (records, id) => records.filter((r) => r.id !== id);
