/** A generated file. */
export interface OutputFile {
  /** From the output folder, with forward slashes. */
  readonly path: string;
  /** With `\n` at each line's end. */
  readonly text: string;
}
