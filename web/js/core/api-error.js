/** What an API answers where it does not do what is asked, or where nobody answers. */

/** @typedef {{code: string, message: string, status: number, retry_after_s?: number, [more: string]: any}} Failure */

export class ApiError extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}
