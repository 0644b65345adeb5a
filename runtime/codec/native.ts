/**
 * Node's own text methods of `Buffer`. They are what `toString` and `write` call after they have looked
 * at the encoding's name, which takes a fifth of the time of a short text. Node has had them on every
 * buffer since version 1; its types do not name them.
 */
interface NativeText {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
  ucs2Slice(start: number, end: number): string;
  utf8Write(text: string, at: number): number;
}

/** A buffer with the methods that it has. */
export function native(bytes: Buffer): NativeText {
  return bytes as Buffer & NativeText;
}

/** ES2024's `isWellFormed`: whether every surrogate has its other half. Node has it, `lib.es2023` not. */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
