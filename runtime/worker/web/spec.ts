import { JsonValue } from "../../codec/json.ts";
import type { JsonForm } from "../../codec/json-form.ts";
import type { WorkerScope } from "../scope.ts";

export type WebMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A function that answers requests. */
export interface RouteSpec<Params, Body> {
  readonly name: string;
  readonly method: WebMethod;
  /** `/orders/:id` */
  readonly path: string;
  /** The parts of the path that are given by the request; `segment` gives them by their names. */
  params(segment: (name: string) => string): Params;
  /** `noBody`, or `jsonBody(codec)`. */
  readonly body: BodyForm<Body>;
  open(scope: WorkerScope): (request: RouteRequest<Params, Body>) => unknown;
}

/** What a function is told of a request. */
export interface RouteRequest<Params, Body> {
  readonly params: Params;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Body;
}

export interface BodyForm<Body> {
  readonly isWanted: boolean;
  /** Throws SG5020 where it does not fit. */
  read(json: unknown): Body;
}

export const noBody: BodyForm<undefined> = { isWanted: false, read: () => undefined };

export const jsonBody = <Body>(form: Pick<JsonForm<Body>, "fromJson">): BodyForm<Body> => ({
  isWanted: true,
  read: (json) => form.fromJson(new JsonValue(json)),
});

/** A route whose types are closed over: `route(spec)` makes it. */
export interface Route {
  readonly name: string;
  readonly method: WebMethod;
  readonly path: string;
  readonly wantsBody: boolean;
  open(scope: WorkerScope): (given: GivenRequest) => unknown;
}

/** A request before its parts have their types. */
export interface GivenRequest {
  readonly segment: (name: string) => string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** What JSON.parse gave. */
  readonly json: unknown;
}

export function route<Params, Body>(spec: RouteSpec<Params, Body>): Route {
  const { name, method, path, body } = spec;
  return {
    ...{ name, method, path },
    wantsBody: body.isWanted,
    open(scope) {
      const call = spec.open(scope);
      return ({ segment, query, headers, json }) =>
        call({ params: spec.params(segment), query, headers, body: body.read(json) });
    },
  };
}
