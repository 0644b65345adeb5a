import type { Pace } from "./pace.ts";

export async function* filtered<V>(
  source: AsyncIterable<V>,
  test: (value: V) => boolean | Promise<boolean>,
): AsyncGenerator<V> {
  for await (const value of source) if (await test(value)) yield value;
}

export async function* mapped<V, W>(
  source: AsyncIterable<V>,
  change: (value: V) => W | Promise<W>,
): AsyncGenerator<W> {
  for await (const value of source) yield await change(value);
}

export async function* flatMapped<V, W>(
  source: AsyncIterable<V>,
  change: (value: V) => Iterable<W> | AsyncIterable<W>,
): AsyncGenerator<W> {
  for await (const value of source) yield* change(value);
}

export async function* enumerated<V>(
  source: AsyncIterable<V>,
  start: number,
): AsyncGenerator<readonly [number, V]> {
  let index = start;
  for await (const value of source) {
    yield [index, value];
    index += 1;
  }
}

/**
 * A bucket that holds `max` permits and is filled evenly. It is full at first, so that as many values
 * pass at once; a value that finds it empty waits for the next permit.
 */
export async function* limited<V>(
  source: AsyncIterable<V>,
  { max, perMs, pace }: { readonly max: number; readonly perMs: number; readonly pace: Pace },
): AsyncGenerator<V> {
  const permitMs = perMs / max;
  /** When the bucket would be full again; at most `perMs` away. */
  let fullAt = pace.now();
  for await (const value of source) {
    fullAt = Math.max(fullAt, pace.now()) + permitMs;
    const waitMs = Math.ceil(fullAt - perMs - pace.now());
    if (waitMs > 0 && !(await pace.rest(waitMs))) return;
    yield value;
  }
}
