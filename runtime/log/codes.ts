import { type ErrorPlace, StreamgenError } from "../errors.ts";

/** What can go wrong with a log, by code. A caller compares `error.code`, never the text. */
export const logCode = {
  /** Bytes that are not the record batches they claim to be. */
  malformed: "SG6001",
  /** An offset outside what the partition holds. */
  outOfRange: "SG6002",
  /** No such topic or partition. */
  unknown: "SG6003",
  /** Topics exist with other partitions or another cleanup policy. */
  conflict: "SG6004",
  /** A newer producer has the same transactional id. */
  fenced: "SG6005",
  /** The membership's generation is over: its partitions may be another's. */
  generation: "SG6006",
  /** The log aborted the transaction, which was open for too long. */
  expired: "SG6007",
  /** A record, or an offset's metadata, is larger than the log takes. */
  tooLarge: "SG6008",
  /** A record that the log cannot take, such as one with a negative timestamp. */
  refused: "SG6009",
  /** Calls in an order that has no meaning, such as `send` outside a transaction. */
  misuse: "SG6010",
  /** The log did not answer: whether the call took effect is not known. */
  unanswered: "SG6011",
  /** The call did not take effect, and may be tried again. */
  unavailable: "SG6012",
  /** A call of this transaction failed, so it can only be aborted. */
  abortOnly: "SG6013",
  /** None of the brokers named answers. */
  unreachable: "SG6020",
  /** The brokers do not believe who this client says it is. */
  authentication: "SG6021",
  /** No encrypted connection comes about. */
  tls: "SG6022",
  /** The brokers know this client, and do not allow it this. */
  denied: "SG6023",
  /** A password would cross the network in the clear. */
  clearPassword: "SG6024",
  /** Settings that name no broker. */
  address: "SG6025",
  /** The group does not take this member: other members, or its own settings, forbid it. */
  group: "SG6026",
  /** The brokers are too old or too new for this client, or use a compression that it cannot read. */
  unsupported: "SG6027",
  /** An answer that a broker does not give to this call. */
  unexpected: "SG6028",
} as const;

export type LogCode = (typeof logCode)[keyof typeof logCode];

export function logError(
  code: LogCode,
  message: string,
  place?: ErrorPlace,
  cause?: unknown,
): StreamgenError {
  return new StreamgenError(code, message, place, cause);
}

/** Whether an error is the log's own, of one of these codes. */
export function isLogError(error: unknown, ...codes: readonly LogCode[]): error is StreamgenError {
  return error instanceof StreamgenError && codes.some((code) => code === error.code);
}
