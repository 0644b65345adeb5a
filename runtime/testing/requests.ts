import type { WebAnswer, WebRequest } from "../worker/web/answer.ts";

export interface RequestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body read as JSON. Throws a SyntaxError where it is none. */
  json(): unknown;
}

/** `path` may have a query. */
export function requestOf(
  method: string,
  path: string,
  { body, headers = {} }: RequestOptions,
): WebRequest {
  const [place = "", query = ""] = path.split(/\?(.*)/s);
  const json = body === undefined ? {} : { "content-type": "application/json" };
  return {
    ...{ method, path: place, query, headers: { ...json, ...headers } },
    body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
  };
}

export function answerFrom({ status, headers, body }: WebAnswer): Answer {
  const text = Buffer.from(body).toString();
  return { status, headers, text, json: () => JSON.parse(text) };
}
