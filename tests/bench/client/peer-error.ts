/** What the hand-written client throws. */

/** Why an answer is none, with the codes of the package's errors. */
export class PeerError extends Error {
  readonly code: string;
  /** Where in the answer, `transactions[3].amount_in`; null when the answer as a whole is meant. */
  readonly at: string | null;
  readonly status: number | null;

  constructor(code: string, message: string, { at = null, status = null }: { at?: string | null; status?: number | null } = {}) {
    super(message);
    this.name = "PeerError";
    this.code = code;
    this.at = at;
    this.status = status;
  }
}

/** Makes the error of an answer that is not what SePay's pages describe. */
export function unreadable(at: string, reason: string): PeerError {
  return new PeerError("unreadable", `${at}: ${reason}`, { at });
}
