import type { Clock } from "../../clock.ts";
import { registryCode, registryError } from "./errors.ts";
import type { Fetch } from "./tls-fetch.ts";

/** One answer, whole. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
}

export interface ExchangeOptions {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Sent with every request to the registry itself. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface RegistryRequest {
  readonly method: "GET" | "POST";
  readonly body?: string;
}

/** More than any schema needs; an answer beyond it is not read to its end. */
export const answerMaxBytes: number = 4 * 1024 * 1024;

/** Makes one request. Throws SG5041 where no answer comes, SG5043 for one that is too long. */
export async function exchange(
  url: string,
  { method, body }: RegistryRequest,
  { fetch, clock, timeoutMs, headers }: ExchangeOptions,
): Promise<Answer> {
  const abort = new AbortController();
  const timer = clock.timer(timeoutMs, () => abort.abort());
  try {
    const response = await fetch(url, {
      method,
      headers: body === undefined ? headers : { ...headers, "content-type": mediaType },
      ...(body !== undefined && { body }),
      signal: abort.signal,
      redirect: "manual",
    });
    return {
      url,
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      text: await boundedText(response),
      retryAfter: response.headers.get("retry-after") ?? undefined,
      location: response.headers.get("location") ?? undefined,
    };
  } catch (error) {
    if (error === tooLong) throw oversized(url);
    const reason = abort.signal.aborted ? `no answer within ${timeoutMs} ms` : causeOf(error);
    throw registryError(
      registryCode.away,
      `the schema registry at ${url} does not answer: ${reason}`,
      error,
    );
  } finally {
    timer.cancel();
  }
}

const mediaType = "application/vnd.schemaregistry.v1+json";
/** Node's `fetch` keeps to the web's list, on which are 6000 and 6666 to 6669. */
const badPort = "fetch refuses its port, as browsers do; let the registry listen on another one";
const tooLong: Error = new Error("an answer longer than it may be");

const oversized = (url: string) =>
  registryError(
    registryCode.nonsense,
    `${url} answers with more than ${answerMaxBytes} bytes: is it a schema registry?`,
  );

async function boundedText(response: Response): Promise<string> {
  const { body, headers } = response;
  if (body === null) return "";
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = Number(headers.get("content-length") ?? 0) > answerMaxBytes ? answerMaxBytes + 1 : 0;
  try {
    while (size <= answerMaxBytes) {
      const { done, value } = await reader.read();
      if (done) return Buffer.concat(chunks).toString("utf8");
      size += value.length;
      chunks.push(value);
    }
  } finally {
    // The rest of an answer that is too long is not waited for.
    reader.cancel().catch(() => undefined);
  }
  throw tooLong;
}

/** The innermost reason that a socket, a resolver or TLS gave: `fetch` itself says only "failed". */
function causeOf(error: unknown): string {
  let reason: unknown = error;
  for (let depth = 0; depth < 8; depth++) {
    if (reason instanceof AggregateError && reason.errors.length > 0) reason = reason.errors[0];
    else if (reason instanceof Error && reason.cause !== undefined) reason = reason.cause;
    else break;
  }
  if (!(reason instanceof Error)) return "the connection failed";
  return reason.message === "bad port" ? badPort : reason.message;
}
