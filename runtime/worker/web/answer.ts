import { StreamgenError } from "../../errors.ts";
import type { Logger } from "../scope.ts";

/** A request as it came, whoever has read it. */
export interface WebRequest {
  readonly method: string;
  /** With its escapes. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where there is none. */
  readonly body: Uint8Array;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const noBytes = new Uint8Array();
const encoder = new TextEncoder();

/** The answer for what a function has returned: a `Response`, JSON, or nothing. */
export async function answerOf(result: unknown): Promise<WebAnswer> {
  if (result instanceof Response) {
    const body = new Uint8Array(await result.arrayBuffer());
    return { status: result.status, headers: Object.fromEntries(result.headers), body };
  }
  if (result === undefined) return { status: 204, headers: {}, body: noBytes };
  return jsonAnswer(200, result);
}

export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): WebAnswer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: encoder.encode(`${JSON.stringify(value, jsonPart)}\n`),
  };
}

/** Errors are said in one line, without the place in the code. */
export const errorAnswer = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): WebAnswer => jsonAnswer(status, { error: message }, headers);

/** As the JSON mapping says: dates are texts already, a bigint is its digits, bytes are base64. */
function jsonPart(_: string, part: unknown): unknown {
  if (typeof part === "bigint") return String(part);
  if (part instanceof Map) return Object.fromEntries(part);
  if (part instanceof Set) return [...part];
  return part instanceof Uint8Array ? Buffer.from(part).toString("base64") : part;
}

/** The answer for what was thrown. Only what is about the request is told. */
export function failureAnswer(error: unknown, { name, logger }: Failure): WebAnswer {
  const code = error instanceof StreamgenError ? error.code : undefined;
  // Another worker has the rows, or they are not restored yet.
  if (error instanceof StreamgenError && code === "SG8014") {
    return errorAnswer(503, error.message, { "retry-after": "1" });
  }
  const reason = error instanceof Error ? error.message : String(error);
  logger.error("a request failed", { agent: name, reason, ...(code !== undefined && { code }) });
  return errorAnswer(500, "the request failed");
}

interface Failure {
  readonly name: string;
  readonly logger: Logger;
}
