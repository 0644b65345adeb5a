/** Runs agents for real, on values that remember what is asked of them. */

/** What one run did, as far as it can be seen from outside. */
export interface Trace {
  /** Fields that were read; `*` when all were asked for at once. */
  readonly reads: Set<string>;
  readonly accesses: { readonly table: string; readonly method: string; readonly key: unknown }[];
  /** The values that it was given, as they were and as they are. */
  readonly values: { readonly before: Fields; readonly after: Fields }[];
  /** The same values, as the agent holds them. */
  readonly handed: unknown[];
  readonly emitted: unknown[];
}

export type Fields = Record<string, unknown>;

export function newTrace(): Trace {
  return { reads: new Set(), accesses: [], values: [], handed: [], emitted: [] };
}

/** A value whose reads at the top are written down. */
export function recorded(fields: Fields, trace: Trace): Fields {
  const before = clone(fields);
  trace.values.push({ before, after: fields });
  const note = (key: string | symbol): void => {
    if (typeof key === "string" && key in before) trace.reads.add(key);
  };
  const value = new Proxy(fields, {
    get(target, key) {
      note(key);
      return Reflect.get(target, key);
    },
    has(target, key) {
      note(key);
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      note(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    // Without this, an assignment would look at the field that it replaces.
    set(target, key, given) {
      return Reflect.set(target, key, given);
    },
    ownKeys(target) {
      trace.reads.add("*");
      return Reflect.ownKeys(target);
    },
  });
  trace.handed.push(value);
  return value;
}

/** A copy of what there is, bytes as bytes. */
function clone(fields: Fields): Fields {
  const photo = fields["photo"];
  const isBytes = photo instanceof Uint8Array;
  return { ...structuredClone(fields), ...(isBytes && { photo: Buffer.from(photo) }) };
}

/** Reads everything, at once, as an encoder does. */
export function encode(value: unknown): void {
  JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));
}

/** A table that remembers its keys. Rows are copies, as they are of an encoded table. */
export function fakeTable(table: string, trace: Trace, missing: unknown): object {
  const rows = new Map<unknown, unknown>();
  const at = (method: string, key: unknown): unknown => {
    trace.accesses.push({ table, method, key });
    return rows.has(key) ? structuredClone(rows.get(key)) : missing;
  };
  const put = (key: unknown, row: unknown): unknown => {
    encode(row);
    rows.set(key, JSON.parse(JSON.stringify(row ?? null)));
    return row;
  };
  return {
    get: (key: unknown) => at("get", key),
    getOr: (key: unknown, otherwise: unknown) => at("getOr", key) ?? otherwise,
    has: (key: unknown) => at("has", key) !== missing,
    set: (key: unknown, row: unknown) => {
      at("set", key);
      put(key, row);
    },
    update: (key: unknown, change: (row: unknown) => unknown) =>
      put(key, change(at("update", key))),
    take: (key: unknown) => at("take", key),
    delete: (key: unknown) => {
      at("delete", key);
      rows.delete(key);
    },
    clear: () => rows.clear(),
    keys: () => rows.keys(),
    values: () => rows.values(),
    entries: () => rows.entries(),
    get size() {
      return rows.size;
    },
  };
}

/** The same table at any time. */
export function fakeWindows(table: string, trace: Trace): object {
  const windows: object = {
    ...fakeTable(table, trace, 0),
    at: () => windows,
    ago: () => windows,
    now: () => windows,
    current: () => windows,
    windows(key: unknown) {
      trace.accesses.push({ table, method: "windows", key });
      return [{ key, value: 1 }];
    },
  };
  return windows;
}

export const fakeView = (): object => ({ get: async () => 1, has: async () => true });
export const fakeSink = (): object => ({
  send: (...all: unknown[]) => encode(all),
  delete: encode,
});

export function fakeContext(): object {
  const log = (text: string, fields?: unknown): void => encode([text, fields]);
  return {
    log: { debug: log, info: log, warn: log, error: log },
    metrics: { count: log, gauge: log },
    now: () => 1,
  };
}

export function fakeEvent(value: unknown, key: unknown): object {
  const headers = new Map<string, Uint8Array>();
  const place = { topic: "orders", timestamp: 1, headers, partition: 0, offset: 7n };
  const nothing = () => undefined;
  return { ...place, key, value, reject: nothing, nack: nothing, forward: nothing };
}

/** A stream of values, with the language's operators. */
export class FakeStream {
  readonly #items: AsyncIterable<unknown>;
  readonly #keyOf: (value: unknown) => unknown;

  constructor(items: AsyncIterable<unknown>, keyOf: (value: unknown) => unknown) {
    this.#items = items;
    this.#keyOf = keyOf;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.#items[Symbol.asyncIterator]();
  }

  filter(keep: (value: unknown) => unknown): FakeStream {
    return this.#each(async function* (value) {
      if (await keep(value)) yield value;
    });
  }

  map(change: (value: unknown) => unknown): FakeStream {
    return this.#each(async function* (value) {
      yield await change(value);
    });
  }

  flatMap(change: (value: unknown) => Iterable<unknown>): FakeStream {
    return this.#each(async function* (value) {
      yield* change(value);
    });
  }

  take(max: number): FakeStream {
    let values: unknown[] = [];
    return this.#each(async function* (value) {
      values.push(value);
      if (values.length < max) return;
      yield values;
      values = [];
    });
  }

  rateLimit(): FakeStream {
    return this;
  }

  peek(look: (value: unknown) => void): FakeStream {
    return this.#each(async function* (value) {
      look(value);
      yield value;
    });
  }

  enumerate(start = 0): FakeStream {
    let index = start;
    return this.#each(async function* (value) {
      yield [index++, value];
    });
  }

  items(): FakeStream {
    const keyOf = this.#keyOf;
    return this.#each(async function* (value) {
      yield [keyOf(value), value];
    });
  }

  events(): FakeStream {
    const keyOf = this.#keyOf;
    return this.#each(async function* (value) {
      yield fakeEvent(value, keyOf(value));
    });
  }

  sliding(): FakeStream {
    return this;
  }

  #each(step: (value: unknown) => AsyncIterable<unknown>): FakeStream {
    const items = this.#items;
    async function* all(): AsyncGenerator<unknown> {
      for await (const value of items) yield* step(value);
    }
    return new FakeStream(all(), this.#keyOf);
  }
}

/**
 * Takes all that an agent gives back, as its driver does: each is encoded before the next is made.
 */
export async function drain(result: unknown, trace: Trace): Promise<void> {
  const given = await result;
  if (isIterable(given)) {
    for await (const each of given) emit(each, trace);
  } else emit(given, trace);
}

function emit(value: unknown, trace: Trace): void {
  if (value === undefined || value === null) return;
  trace.emitted.push(value);
  encode(value);
}

function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}
