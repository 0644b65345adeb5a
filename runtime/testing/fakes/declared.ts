/**
 * What a test's fakes are typed by: the user's own topics and tables. Nothing here imports the language,
 * which a deployed worker does not install; a topic's type has one property, and that holds everything.
 */
type Option<O, Name extends string> = O extends { readonly [P in Name]: infer X } ? X : never;
type Declared<T> = NonNullable<T[keyof T]>;
type TopicOptions<T> = Option<Declared<T>, "options">;

/** The declared name of a topic. */
export type NameIn<T> = Option<Declared<T>, "name"> & string;
export type ValueIn<T> = Option<TopicOptions<T>, "value">;
/** `null` where the topic has no key. */
export type KeyIn<T> = KeyOf<TopicOptions<T>>;
type KeyOf<O> = O extends { readonly key: infer K }
  ? K
  : O extends { readonly value: infer V; readonly keyBy: infer By }
    ? KeyFrom<V, By>
    : null;
// `never` accepts every function of one value.
type KeyFrom<V, By> = By extends (value: never) => infer K ? K : By extends keyof V ? V[By] : never;

/** `null` where the topic has tombstones. */
export type GoneIn<T> =
  TopicOptions<T> extends { readonly cleanup: `compact${string}` } ? null : never;

/** A table, by a method that all of them have. */
export interface AnyTable {
  get(key: never): unknown;
}
type Written<T> = T extends {
  update(key: infer K, change: (value: infer Found) => infer V): unknown;
}
  ? { readonly key: K; readonly found: Found; readonly value: V }
  : Read<T>;
/** A table of a topic can only be read. */
type Read<T> = T extends {
  get(key: infer K): infer Found;
  getOr(key: never, otherwise: infer V): unknown;
}
  ? { readonly key: K; readonly found: Found; readonly value: V }
  : never;
export type RowKeyIn<T> = Written<T>["key"];
export type RowIn<T> = Written<T>["value"];
/** What `get` gives. */
export type FoundIn<T> = Written<T>["found"];
