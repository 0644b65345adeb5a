/**
 * Turns a misspelt option into an error at that option. As a constraint it is always written
 * `Options & Exact<O, Options>`: the first half gives completion and "Did you mean", the second
 * refuses what is unknown.
 */
export type Exact<O, Shape> = {
  [K in keyof O]: K extends keyof Shape ? Shape[K] : `unknown option '${K & string}'`;
};

/** The type of option `K`, looked up late, so that an option may refer to its neighbours. */
export type Option<O, K extends string> = O extends { readonly [P in K]: infer X } ? X : never;

/**
 * A length of time: "250ms", "30s", "10m", "1h", "7d". Whole numbers only; with `${number}` the type
 * would let "30 s" and "1e3s" through.
 */
export type Span = `${bigint}${"ms" | "s" | "m" | "h" | "d"}`;

export type Scalar = string | number | bigint | boolean | Date | Uint8Array;

/** What may be a key: a scalar or a flat record. `then?: never` turns promises away. */
export type Key = Scalar | (object & { readonly then?: never });

/** The fields of `V` that hold a `T`. Optional ones are left out: a missing key or time means nothing. */
export type FieldOf<V, T> = { [K in keyof V]-?: V[K] extends T ? K : never }[keyof V] & string;

/** A field that holds the key, or a function that works it out (`typeof fn`). */
export type KeyBy<V> = FieldOf<V, Scalar> | ((value: V) => Key);

// The parameter is in the contravariant place, so `never` accepts every function of one value.
export type KeyFrom<V, By> = By extends (value: never) => infer K
  ? K
  : By extends keyof V
    ? V[By]
    : never;
