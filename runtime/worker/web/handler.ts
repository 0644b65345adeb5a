import { StreamgenError } from "../../errors.ts";
import { within } from "../outage/patience.ts";
import type { Direct } from "../outside/direct.ts";
import type { DirectScope } from "../outside/direct-scope.ts";
import type { Services } from "../services/services.ts";
import { answerOf, errorAnswer, failureAnswer, type WebAnswer, type WebRequest } from "./answer.ts";
import { type RouteMatch, RouteTable } from "./route-table.ts";
import type { GivenRequest, Route } from "./spec.ts";

/** Requests at once; one more is told to come again. */
const runningMax = 256;
const answerMaxMs = 30_000;

interface OpenRoute {
  readonly scope: DirectScope;
  readonly call: (given: GivenRequest) => unknown;
}

/** Answers requests by the pipeline's routes, outside of tasks. */
export class WebHandler {
  readonly #services: Services;
  readonly #direct: Direct;
  readonly #table: RouteTable;
  /** Opened for requests that are over: the next one takes them again. */
  readonly #free = new Map<Route, OpenRoute[]>();
  readonly #running = new Set<Promise<WebAnswer>>();

  constructor(services: Services, direct: Direct, routes: readonly Route[]) {
    this.#services = services;
    this.#direct = direct;
    this.#table = new RouteTable(routes);
  }

  /** Never rejects. */
  async handle(request: WebRequest): Promise<WebAnswer> {
    if (this.#running.size >= runningMax) {
      return errorAnswer(503, "too many requests at once", { "retry-after": "1" });
    }
    const isHead = request.method === "HEAD";
    const answering = this.#dispatch(isHead ? { ...request, method: "GET" } : request);
    this.#running.add(answering);
    try {
      const answer = await answering;
      return isHead ? { ...answer, body: new Uint8Array() } : answer;
    } finally {
      this.#running.delete(answering);
    }
  }

  /** Resolves when what has begun is answered. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #dispatch(request: WebRequest): Promise<WebAnswer> {
    const { method, path } = request;
    const methods = this.#table.methodsOf(path);
    if (methods.length === 0) return errorAnswer(404, "there is nothing under this path");
    let match: RouteMatch | undefined;
    try {
      match = this.#table.find(method, path);
    } catch {
      return errorAnswer(400, "the path has escapes that are none");
    }
    if (match === undefined) {
      return errorAnswer(405, `use ${methods.join(", ")}`, { allow: methods.join(", ") });
    }
    const json = match.route.wantsBody ? bodyOf(request) : { value: undefined };
    return "answer" in json ? json.answer : await this.#call(match, request, json.value);
  }

  async #call(
    { route, segment }: RouteMatch,
    { query, headers }: WebRequest,
    json: unknown,
  ): Promise<WebAnswer> {
    const { clock, logger } = this.#services;
    const { name } = route;
    const open = await this.#open(route);
    let answer = errorAnswer(503, "the request took too long");
    const given = {
      segment,
      query: new URLSearchParams(query),
      headers: new Headers(headers),
      json,
    };
    const answering = open.scope
      .during(name, async () => {
        answer = await answerOf(await open.call(given));
      })
      .catch((error: unknown) => {
        answer = isOfBody(error)
          ? errorAnswer(400, error.message)
          : failureAnswer(error, { name, logger });
      });
    if (await within(clock, answerMaxMs, answering)) {
      this.#free.get(route)?.push(open);
      return answer;
    }
    logger.warn("a request took too long", { agent: name, waitedMs: answerMaxMs });
    open.scope.core.end();
    await this.#direct.end(open.scope);
    return answer;
  }

  async #open(route: Route): Promise<OpenRoute> {
    const free = this.#free.get(route) ?? [];
    this.#free.set(route, free);
    const known = free.pop();
    if (known !== undefined) return known;
    const scope = this.#direct.scope();
    const call = route.open(scope.core);
    await scope.core.formats.ready();
    return { scope, call };
  }
}

/** The body does not fit, which is the request's fault. */
const isOfBody = (error: unknown): error is StreamgenError =>
  error instanceof StreamgenError && error.code === "SG5020";

function bodyOf({ headers, body }: WebRequest): { value: unknown } | { answer: WebAnswer } {
  const type = (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return { answer: errorAnswer(415, "send application/json") };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    return { value: JSON.parse(text) };
  } catch {
    return { answer: errorAnswer(400, "the body is no JSON") };
  }
}
