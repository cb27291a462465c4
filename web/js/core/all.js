/** What must be done with each of several, also where one of them fails. */

/**
 * Do it with each, in their order. What is thrown stops nothing of what follows, here or at who calls: the page reports
 * it as if nobody had caught it.
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
