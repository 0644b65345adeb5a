/** What is under a path: it begins with a slash. */
export type WebPath = `/${string}`;

/** The names behind colons: `/orders/:id` has `id`. */
type ParameterOf<P extends string> = P extends `${infer Head}/${infer Tail}`
  ? ParameterOf<Head> | ParameterOf<Tail>
  : P extends `:${infer Name}`
    ? Name
    : never;

/** A request, as the function of its path gets it. */
export interface WebRequest<P extends string, Body> {
  /** The parts of the path that the request gives, without their escapes. */
  readonly params: { readonly [K in ParameterOf<P>]: string };
  readonly query: {
    get(name: string): string | null;
    getAll(name: string): string[];
    has(name: string): boolean;
  };
  readonly headers: { get(name: string): string | null };
  /** Read from JSON; a body that does not fit is refused before the function is called. */
  readonly body: Body;
}

/**
 * Answers `GET` and `HEAD` of a path. What the function returns is the answer: a `Response`, a value that is
 * written as JSON, or nothing.
 */
export interface Get<P extends WebPath> extends WebRequest<P, undefined> {}
/** Answers `DELETE` of a path. */
export interface Delete<P extends WebPath> extends WebRequest<P, undefined> {}
/** Answers `POST` of a path, with a body of JSON. */
export interface Post<P extends WebPath, Body = undefined> extends WebRequest<P, Body> {}
/** Answers `PUT` of a path, with a body of JSON. */
export interface Put<P extends WebPath, Body = undefined> extends WebRequest<P, Body> {}
/** Answers `PATCH` of a path, with a body of JSON. */
export interface Patch<P extends WebPath, Body = undefined> extends WebRequest<P, Body> {}
