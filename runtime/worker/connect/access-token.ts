import type { Clock } from "../../clock.ts";
import { StreamgenError } from "../../errors.ts";
import type { GrantTarget } from "../settings/kafka-target.ts";

/** What the token's server is asked through; `fetch` itself, or a stand-in. */
export type TokenFetch = (url: string, init: RequestInit) => Promise<Response>;

/** An answer that is longer is no token. */
const answerMaxBytes = 65_536;
const timeoutMs = 10_000;
/** A token is replaced when this part of its life is over: clocks differ, and asking takes time. */
const usableLife = 0.8;

/** What stands in `error`, by RFC 6749, section 5.2: printable, without quotes and backslashes. */
const errorShape = /^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,100}$/;
const tokenShape = /^[\x21-\x7e]+$/;

interface Token {
  readonly text: string;
  /** From when on another one is asked for. */
  readonly untilMs: number;
}

/**
 * Gives access tokens by the client credentials grant (RFC 6749, section 4.4). A token is kept for four
 * fifths of the life that the server gives it; who asks at the same time shares one request. Throws
 * SG8104 that says what the server answered, never what it was sent.
 */
export function tokenSource(
  grant: GrantTarget,
  clock: Clock,
  fetchToken: TokenFetch = fetch,
): () => Promise<string> {
  let kept: Token | undefined;
  let asking: Promise<Token> | undefined;
  return async () => {
    if (kept !== undefined && clock.now() < kept.untilMs) return kept.text;
    asking ??= ask(grant, clock, fetchToken).finally(() => {
      asking = undefined;
    });
    kept = await asking;
    return kept.text;
  };
}

async function ask(grant: GrantTarget, clock: Clock, fetchToken: TokenFetch): Promise<Token> {
  const askedMs = clock.now();
  const secret = grant.clientSecret.read();
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  if (grant.scope !== undefined) body.set("scope", grant.scope);
  const answer = await answered(grant, () =>
    fetchToken(grant.tokenUrl, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Basic ${credentials(grant.clientId, secret)}`,
      },
      body: body.toString(),
      // Whoever the server sends us to must not get the secret.
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    }),
  );
  return tokenOf(grant, answer, askedMs);
}

/** Both parts are form-encoded before they are joined: RFC 6749, section 2.3.1. */
function credentials(clientId: string, secret: string): string {
  const encode = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1);
  return Buffer.from(`${encode(clientId)}:${encode(secret)}`, "utf8").toString("base64");
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function answered(grant: GrantTarget, send: () => Promise<Response>): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await send();
    text = await boundedText(response);
  } catch (cause) {
    if (cause instanceof StreamgenError) throw cause;
    throw problem(grant, reasonOf(cause));
  }
  const body = parsed(text);
  if (body === undefined) {
    throw problem(grant, `it answers ${response.status} without a JSON object`);
  }
  return { status: response.status, body };
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // What is not read to its end is cancelled, so that the connection is free again.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > answerMaxBytes) throw new RangeError("its answer is longer than 64 KiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): Answer["body"] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Answer["body"] {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tokenOf(grant: GrantTarget, { status, body }: Answer, askedMs: number): Token {
  if (status !== 200) {
    const error = String(body["error"] ?? "");
    const reason = errorShape.test(error) ? ` and "${error}"` : "";
    throw problem(grant, `it answers ${status}${reason}`);
  }
  const text = body["access_token"];
  if (typeof text !== "string" || !tokenShape.test(text)) {
    throw problem(grant, "its answer has no access_token");
  }
  if (String(body["token_type"] ?? "bearer").toLowerCase() !== "bearer") {
    throw problem(grant, "its token is no bearer token");
  }
  const seconds = Number(body["expires_in"] ?? 0);
  const lifeMs = Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : 0;
  return { text, untilMs: askedMs + lifeMs * usableLife };
}

/** Why there was no answer, without anything of the request. */
function reasonOf(cause: unknown): string {
  if (cause instanceof RangeError) return cause.message;
  if (cause instanceof Error && cause.name === "TimeoutError") {
    return `no answer within ${timeoutMs / 1000} s`;
  }
  const inner = cause instanceof Error ? cause.cause : undefined;
  if (inner instanceof Error && "code" in inner) return `no answer (${String(inner.code)})`;
  return inner instanceof Error && inner.message === "unexpected redirect"
    ? "it sends elsewhere, where the secret must not go"
    : "no answer";
}

function problem({ tokenUrl, clientId }: GrantTarget, reason: string): StreamgenError {
  const place = new URL(tokenUrl);
  return new StreamgenError(
    "SG8104",
    `${place.origin}${place.pathname} gives no token to "${clientId}": ${reason}`,
  );
}
