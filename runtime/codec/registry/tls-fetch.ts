import { Agent, type RequestOptions, request } from "node:https";
import { Readable } from "node:stream";

/** The part of `fetch` that the registry client needs. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

export interface FetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly redirect: "manual";
}

/** A `fetch` that trusts one authority's certificates: Node's own takes none without a package. */
export function tlsFetch(ca: string): Fetch {
  const agent = new Agent({ ca, keepAlive: true });
  return (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const options: RequestOptions = { method, headers: { ...headers }, signal, agent };
      const call = request(url, options, (answer) => {
        const { statusCode = 0 } = answer;
        const isEmpty = statusCode === 204 || statusCode === 304;
        if (isEmpty) answer.resume();
        const flat = Object.entries(answer.headers).map(([name, value]): [string, string] => [
          name,
          Array.isArray(value) ? value.join() : `${value}`,
        ]);
        const content = isEmpty ? null : Readable.toWeb(answer);
        try {
          // The two declarations of this one class differ in a type parameter.
          const stream = content as ReadableStream<Uint8Array> | null;
          resolve(new Response(stream, { status: statusCode, headers: flat }));
        } catch (error) {
          answer.destroy();
          reject(error);
        }
      });
      call.on("error", reject);
      call.end(body);
    });
}
