/** A sequence. Each operator gives a new one; nothing is asked for before somebody iterates. */
export interface Flow<V> extends AsyncIterable<V> {
  /** What is left out is acknowledged with the next request. */
  filter<W extends V>(test: (value: V) => value is W): Flow<W>;
  filter(test: (value: V) => boolean | Promise<boolean>): Flow<V>;
  map<W>(change: (value: V) => W | Promise<W>): Flow<W>;
  /** Counts from `start`, 0 unless given; a new run begins again. */
  enumerate(start?: number): Flow<readonly [index: number, value: V]>;
  /** Looks at each value and passes it on. */
  peek(look: (value: V) => void): Flow<V>;
}

/** A flow over what `open` gives; it is called for each iteration. */
export function flow<V>(open: () => AsyncIterator<V>): Flow<V> {
  return new Sequence(open);
}

class Sequence<V> implements Flow<V> {
  readonly #open: () => AsyncIterator<V>;

  constructor(open: () => AsyncIterator<V>) {
    this.#open = open;
  }

  [Symbol.asyncIterator](): AsyncIterator<V> {
    return this.#open();
  }

  filter<W extends V>(test: (value: V) => value is W): Flow<W>;
  filter(test: (value: V) => boolean | Promise<boolean>): Flow<V>;
  filter(test: (value: V) => boolean | Promise<boolean>): Flow<V> {
    return flow(() => filtered(this, test));
  }

  map<W>(change: (value: V) => W | Promise<W>): Flow<W> {
    return flow(() => mapped(this, change));
  }

  enumerate(start = 0): Flow<readonly [index: number, value: V]> {
    return flow(() => enumerated(this, start));
  }

  peek(look: (value: V) => void): Flow<V> {
    return this.map((value) => {
      look(value);
      return value;
    });
  }
}

async function* filtered<V>(
  source: AsyncIterable<V>,
  test: (value: V) => boolean | Promise<boolean>,
): AsyncGenerator<V> {
  for await (const value of source) if (await test(value)) yield value;
}

async function* mapped<V, W>(
  source: AsyncIterable<V>,
  change: (value: V) => W | Promise<W>,
): AsyncGenerator<W> {
  for await (const value of source) yield await change(value);
}

async function* enumerated<V>(
  source: AsyncIterable<V>,
  start: number,
): AsyncGenerator<readonly [number, V]> {
  let index = start;
  for await (const value of source) {
    yield [index, value];
    index += 1;
  }
}
