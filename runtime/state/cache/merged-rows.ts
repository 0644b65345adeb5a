import { compareBytes, equalBytes } from "../byte-map.ts";

type Row = readonly [key: Buffer, value: Buffer];

/**
 * The rows of a store with those that only the cache has among them, in the order of their keys.
 * `changed` are the keys that the cache may have another value of, sorted; `find` gives a row's value
 * by the time its turn comes: `stored` is what the store has.
 */
export function* mergedRows(
  stored: Iterable<Row>,
  changed: readonly Buffer[],
  find: (key: Buffer, stored: Buffer | undefined) => Buffer | undefined,
): Generator<Row> {
  let next = 0;
  for (const [key, value] of stored) {
    for (let ahead = changed[next]; ahead !== undefined; ahead = changed[next]) {
      if (compareBytes(ahead, key) > 0) break;
      next += 1;
      // The store has this key too: it is given below.
      if (!equalBytes(ahead, key)) yield* rowOf(ahead, find(ahead, undefined));
    }
    yield* rowOf(key, find(key, value));
  }
  for (const key of changed.slice(next)) yield* rowOf(key, find(key, undefined));
}

function* rowOf(key: Buffer, value: Buffer | undefined): Generator<Row> {
  if (value !== undefined) yield [key, value];
}
