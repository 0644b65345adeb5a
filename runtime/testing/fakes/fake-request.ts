/** A request, by the parts that its path and its body decide. */
export interface AnyRequest {
  readonly params: object;
  readonly body: unknown;
}

interface More {
  /** Such as `"from=2&to=3"`, or its parts. */
  readonly query?: string | Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}
type Params<R extends AnyRequest> = keyof R["params"] extends never
  ? { readonly params?: R["params"] }
  : { readonly params: R["params"] };
type Body<R extends AnyRequest> = undefined extends R["body"]
  ? { readonly body?: R["body"] }
  : { readonly body: R["body"] };
type Parts<R extends AnyRequest> = More & Params<R> & Body<R>;

export interface FakeRequest<R extends AnyRequest> {
  readonly params: R["params"];
  readonly body: R["body"];
  readonly query: URLSearchParams;
  readonly headers: Headers;
}

/** A request of a path: `request<Get<"/orders/:id">>({ params: { id: "1" } })`. */
export function request<R extends AnyRequest>(
  ...parts: More extends Parts<R> ? [Parts<R>?] : [Parts<R>]
): FakeRequest<R>;
export function request({
  params = {},
  body,
  query,
  headers,
}: More & { readonly params?: object; readonly body?: unknown } = {}): FakeRequest<AnyRequest> {
  return { params, body, query: new URLSearchParams(query), headers: new Headers(headers) };
}
