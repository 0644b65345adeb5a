/** A text that is the same for the same key. */
export function keyText(key: unknown): string {
  if (key instanceof Uint8Array) return `bytes ${Buffer.from(key).toString("hex")}`;
  if (key instanceof Date) return `date ${key.getTime()}`;
  if (typeof key !== "object" || key === null) return `${typeof key} ${String(key)}`;
  return `{${Object.entries(key)
    .map(([name, part]) => `${name}: ${keyText(part)}`)
    .sort()
    .join()}}`;
}

/** Keys in the order of their bytes: numbers by size, texts by their UTF-8, the rest by its parts. */
export function compareKeys(one: unknown, other: unknown): number {
  if (isNumeric(one) && isNumeric(other)) return Number(one > other) - Number(one < other);
  const [first, second] = [one, other].map((key) =>
    key instanceof Uint8Array ? key : Buffer.from(typeof key === "string" ? key : keyText(key)),
  );
  return Buffer.compare(first ?? Buffer.alloc(0), second ?? Buffer.alloc(0));
}

function isNumeric(key: unknown): key is number | bigint | Date {
  return typeof key === "number" || typeof key === "bigint" || key instanceof Date;
}
