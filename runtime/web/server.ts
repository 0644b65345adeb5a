import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { StreamgenError } from "../errors.ts";
import type { Worker } from "../worker/contract.ts";
import type { Logger } from "../worker/scope.ts";
import { errorAnswer, type WebAnswer } from "../worker/web/answer.ts";
import { healthAnswer } from "./health.ts";
import { isLoopback, isOwnHost } from "./host.ts";
import { BodyRefusal, readBody } from "./read-body.ts";

/** What a server may spend on whoever connects. */
const limits = {
  headersBytes: 16 * 1024,
  bodyBytes: 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 5_000,
  requestsPerConnection: 1_000,
  connections: 1_000,
};

export interface WebServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly logger: Logger;
}

export interface WebServer {
  /** Such as "http://127.0.0.1:6066". */
  readonly address: string;
  /** Answers what has begun, and ends. */
  close(): Promise<void>;
}

/** Serves a worker's routes and its health. Throws SG8524 where the port is taken. */
export async function serveWeb(worker: Worker, options: WebServerOptions): Promise<WebServer> {
  const { host, port } = options;
  const server = createServer(
    {
      maxHeaderSize: limits.headersBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
    },
    (request, response) => {
      answer(worker, options, request)
        .catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          options.logger.error("a request failed", { reason });
          return errorAnswer(500, "the request failed");
        })
        .then((given) => send(response, given));
    },
  );
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.maxConnections = limits.connections;
  await listen(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: () => close(server),
  };
}

async function answer(
  worker: Worker,
  { host }: WebServerOptions,
  request: IncomingMessage,
): Promise<WebAnswer> {
  const { method = "GET", url = "/", headers } = request;
  // A page of another site may know this address by a name of its own.
  if (isLoopback(host) && !isOwnHost(headers.host)) {
    return errorAnswer(421, "this server is for its own machine");
  }
  const [path = "/", query = ""] = url.split(/\?(.*)/s);
  const health = healthAnswer(worker.health(), method, path);
  if (health !== undefined) return health;
  try {
    const body = await readBody(request, limits.bodyBytes);
    return await worker.handle({ method, path, query, headers: plain(request), body });
  } catch (error) {
    if (error instanceof BodyRefusal) return error.answer;
    throw error;
  }
}

/** Each header once; what came several times is joined as HTTP says. */
const plain = ({ headers }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );

function send(response: ServerResponse, { status, headers, body }: WebAnswer): void {
  const safe = { "x-content-type-options": "nosniff", "cache-control": "no-store" };
  // What was not read of a refused body must not be taken for the next request.
  const ending = status === 413 ? { connection: "close" } : {};
  response.writeHead(status, { ...safe, ...headers, ...ending });
  response.end(body);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be used: ${error.message}`;
      reject(new StreamgenError("SG8524", `port ${port} of ${host} ${why}`, {}, error));
    });
    server.listen(port, host, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
