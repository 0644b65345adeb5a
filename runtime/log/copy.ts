/** Copies `source[start, end)` to `target` and gives the position after it. The caller has made room. */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  position: number,
): number {
  const length = end - start;
  if (length < 24) {
    // A loop beats the call into the engine for the sizes that keys have.
    for (let i = 0; i < length; i++) target[position + i] = source[start + i] ?? 0;
  } else target.set(source.subarray(start, end), position);
  return position + length;
}
