/** One sorted sequence out of several, each sorted by the bytes of its items' keys. */
export function* merged<T>(
  sequences: readonly Iterator<T>[],
  keyOf: (item: T) => Buffer,
): Generator<T, undefined, undefined> {
  const heads: Head<T>[] = [];
  for (const sequence of sequences) put(heads, sequence, keyOf);
  for (let first = heads.shift(); first !== undefined; first = heads.shift()) {
    yield first.item;
    put(heads, first.sequence, keyOf);
  }
}

interface Head<T> {
  readonly sequence: Iterator<T>;
  readonly item: T;
  readonly key: Buffer;
}

/** Puts the next item of a sequence among the others, behind those with smaller keys. */
function put<T>(heads: Head<T>[], sequence: Iterator<T>, keyOf: (item: T) => Buffer): void {
  const { done, value: item } = sequence.next();
  if (done === true) return;
  const key = keyOf(item);
  const at = heads.findIndex((head) => Buffer.compare(head.key, key) > 0);
  heads.splice(at < 0 ? heads.length : at, 0, { sequence, item, key });
}
