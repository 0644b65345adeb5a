/** Where in the user's sources something is written. */
export interface Span {
  /** The file's path from the project's root, with forward slashes. */
  readonly file: string;
  /** UTF-16 offsets into the file's text; `end` is not part of the span. */
  readonly start: number;
  readonly end: number;
  /** Line and column of `start`, both from 1. */
  readonly line: number;
  readonly column: number;
}
