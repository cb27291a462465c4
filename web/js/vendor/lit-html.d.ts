/** What the pages use of lit-html; the whole is in the package's own lit-html.d.ts. */

/** Markup with holes, as `html` or `svg` make it; `render` puts it into the page. */
export interface TemplateResult {
  readonly strings: TemplateStringsArray;
  readonly values: readonly unknown[];
}

export declare const html: (strings: TemplateStringsArray, ...values: unknown[]) => TemplateResult;
export declare const svg: (strings: TemplateStringsArray, ...values: unknown[]) => TemplateResult;

/** Leaves an attribute out, or a child. */
export declare const nothing: unique symbol;

/** Draw a template into an element; drawn again, only what differs is changed. */
export declare const render: (value: unknown, container: HTMLElement | DocumentFragment) => unknown;

/** One template an item; an element stays with its item's key when the list changes. */
export declare const repeat: <T>(
  items: Iterable<T>,
  key: (item: T, index: number) => unknown,
  template: (item: T, index: number) => unknown,
) => unknown;
