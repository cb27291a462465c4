/**
 * Who wants to know of something subscribes to it by name; listeners are called in the order of their subscription. One
 * that fails keeps it from nobody else.
 */

/**
 * Do something with each, in their order. What is thrown stops nothing of what follows, here or at who calls: the page
 * reports it as if nobody had caught it.
 * @template T @param {Iterable<T>} items @param {(item: T) => void} act
 */
export function withAll(items, act) {
  for (const item of items) {
    try {
      act(item);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/** @template {Record<string, unknown[]>} E the arguments of each event */
export class Emitter {
  constructor() {
    /** @type {Map<keyof E, ((...args: any[]) => void)[]>} */
    this.listeners = new Map();
  }

  /** @template {keyof E} K @param {K} name @param {(...args: E[K]) => void} listener
   * @returns {() => void} ends the subscription */
  on(name, listener) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    return () =>
      this.listeners.set(
        name,
        (this.listeners.get(name) ?? []).filter((one) => one !== listener),
      );
  }

  /** @template {keyof E} K @param {K} name @param {E[K]} args */
  emit(name, ...args) {
    withAll(this.listeners.get(name) ?? [], (listener) => listener(...args));
  }
}
