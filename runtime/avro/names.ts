/** Avro's names: a full name is a namespace, a dot and a short name. */

/** The namespace of a full name; empty where it has none. */
export function scopeOf(fullName: string): string {
  return fullName.slice(0, Math.max(0, fullName.lastIndexOf(".")));
}

/** The name without its namespace, which is what resolution compares. */
export function shortName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf(".") + 1);
}

const nameShape = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/** The full name that a definition's attributes give; `undefined` where they give none. */
export function parseName(
  { name, namespace }: { readonly name: unknown; readonly namespace: unknown },
  enclosing: string,
): string | undefined {
  if (typeof name !== "string" || name.length > 1000) return undefined;
  const scope = typeof namespace === "string" ? namespace : enclosing;
  const full = name.includes(".") || scope === "" ? name : `${scope}.${name}`;
  // Java writes a leading dot for "no namespace".
  const bare = full.startsWith(".") ? full.slice(1) : full;
  return nameShape.test(bare) ? bare : undefined;
}
