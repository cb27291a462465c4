/** Messages of the chat by the case that they are about: other patients' first, those of the stage last. */
/** @import {ChatMessage} from "../../wire.js" */

/** @typedef {{about: string, messages: ChatMessage[]}} Group about: id of the case */

/**
 * @param {readonly ChatMessage[]} messages
 * @param {string} current id of the case on the stage
 * @returns {{others: Group[], here: ChatMessage[]}}
 */
export function byCase(messages, current) {
  /** @type {Map<string, ChatMessage[]>} */
  const found = new Map();
  for (const message of messages) found.set(message.case, [...(found.get(message.case) ?? []), message]);
  const here = found.get(current) ?? [];
  found.delete(current);
  return { others: [...found].map(([about, of]) => ({ about, messages: of })), here };
}
