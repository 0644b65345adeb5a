import type { Route, WebMethod } from "./spec.ts";

/** What a path leads to. */
export interface RouteMatch {
  readonly route: Route;
  /** The part of the path that a parameter's name stands for. */
  readonly segment: (name: string) => string;
}

interface Pattern {
  readonly route: Route;
  readonly parts: readonly string[];
}

/** Finds routes by path and method. Parts that are written out come before parameters. */
export class RouteTable {
  readonly #patterns: readonly Pattern[];

  constructor(routes: readonly Route[]) {
    const patterns = routes.map((route) => ({ route, parts: partsOf(route.path) }));
    this.#patterns = patterns.sort((a, b) => compare(a.parts, b.parts));
  }

  /** The methods that a path has; none where there is no such path. */
  methodsOf(path: string): readonly WebMethod[] {
    const given = partsOf(path);
    const found = this.#patterns.filter(({ parts }) => fits(parts, given));
    return [...new Set(found.map(({ route }) => route.method))];
  }

  /** `path` is as the request has it, with its escapes. Throws a URIError for escapes that are none. */
  find(method: string, path: string): RouteMatch | undefined {
    const given = partsOf(path);
    const found = this.#patterns.find(
      ({ route, parts }) => route.method === method && fits(parts, given),
    );
    if (found === undefined) return undefined;
    const named = new Map(
      found.parts.flatMap((part, index): [string, string][] =>
        part.startsWith(":") ? [[part.slice(1), decodeURIComponent(given[index] ?? "")]] : [],
      ),
    );
    return { route: found.route, segment: (name) => named.get(name) ?? "" };
  }
}

const partsOf = (path: string): readonly string[] => path.slice(1).split("/");

const fits = (parts: readonly string[], given: readonly string[]): boolean =>
  parts.length === given.length &&
  parts.every((part, index) =>
    part.startsWith(":") ? given[index] !== "" : part === given[index],
  );

/** `/orders/new` before `/orders/:id`. */
function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const difference = Number(part.startsWith(":")) - Number(b[index]?.startsWith(":") === true);
    if (difference !== 0) return difference;
  }
  return 0;
}
