/** One text for each value, the same in a pipeline's own function and here. */
export function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return `[${value.map(show).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).filter(([, part]) => part !== undefined);
    return `{${parts
      .map(([name, part]) => `${name}:${show(part)}`)
      .sort()
      .join(",")}}`;
  }
  return String(value);
}
