import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { authorization } from "../address.ts";
import type { RegistrySettings } from "../settings.ts";
import type { ModelRegistry } from "./model-registry.ts";
import { badRequest, Refused, unauthorized } from "./refusals.ts";
import { answer, type Call } from "./routes.ts";

export interface ModelServerOptions {
  /** Default: a free port. */
  readonly port?: number;
  /** Default: 127.0.0.1, so that nobody else gets in. */
  readonly host?: string;
  /** Callers have to say this; others get 401. */
  readonly auth?: RegistrySettings["auth"];
  /** Asked before each answer, for tests of what goes wrong. */
  readonly interfere?: (call: Call) => Interference | undefined;
}

/** What is done instead of, or before, the right answer. */
export interface Interference {
  /** Milliseconds before anything else. */
  readonly delayMs?: number;
  /** The connection is closed without an answer. */
  readonly drop?: boolean;
  /** This is answered. */
  readonly answer?: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

/** A model registry behind HTTP. */
export interface ModelServer {
  readonly url: string;
  /** Ends open connections, too. */
  close(): Promise<void>;
}

const bodyMaxBytes = 4 * 1024 * 1024;
const mediaType = "application/vnd.schemaregistry.v1+json";

/** Serves a registry by Confluent's paths. */
export async function serveModelRegistry(
  registry: ModelRegistry,
  options: ModelServerOptions = {},
): Promise<ModelServer> {
  const { host = "127.0.0.1", port = 0 } = options;
  const server = createServer((request, response) => {
    respond(registry, request, response, options).catch(() => response.destroy());
  });
  await listening(server, port, host);
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${own}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function respond(
  registry: ModelRegistry,
  request: IncomingMessage,
  response: ServerResponse,
  { auth, interfere }: ModelServerOptions,
): Promise<void> {
  try {
    const body = await bodyOf(request);
    const call = callOf(request, body);
    const interference = interfere?.(call);
    if (interference?.delayMs !== undefined) await pause(interference.delayMs);
    if (interference?.drop === true) {
      request.socket.destroy();
      return;
    }
    if (interference?.answer !== undefined) {
      const { status, headers = {}, body: text = "" } = interference.answer;
      response.writeHead(status, { ...headers }).end(text);
      return;
    }
    if (auth !== undefined) checkAccess(request, auth);
    send(response, 200, answer(registry, call));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { status, code, message } = error;
    if (status === 401) response.setHeader("www-authenticate", 'Basic realm="SchemaRegistry"');
    send(response, status, { error_code: code, message });
  }
}

function checkAccess(request: IncomingMessage, auth: NonNullable<RegistrySettings["auth"]>): void {
  if (request.headers.authorization !== authorization(auth)["authorization"]) throw unauthorized();
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": mediaType }).end(JSON.stringify(body));
}

function callOf({ method = "GET", url = "/" }: IncomingMessage, body: string): Call {
  const { pathname, searchParams } = new URL(url, "http://registry");
  const path = pathname
    .split("/")
    .filter((step) => step !== "")
    .map(decoded);
  return { method, path, query: searchParams, body: body === "" ? undefined : parsed(body) };
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    throw badRequest("a path that cannot be decoded");
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest("Unable to process JSON");
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > bodyMaxBytes) throw new Refused(413, "HTTP 413 Request Entity Too Large", 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const pause = (delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
