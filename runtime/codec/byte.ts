/**
 * The byte at an index that the caller knows to be inside. The one door for what
 * `noUncheckedIndexedAccess` cannot know; V8 inlines it to the load.
 */
export function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}
