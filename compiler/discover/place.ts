import path from "node:path";
import type { Node, SourceFile } from "ts-morph";
import type { Span } from "../model/span.ts";

/** A file's path from the root, with forward slashes; it begins with `../` outside of the root. */
export const pathFrom = (root: string, file: SourceFile): string =>
  path.posix.relative(root, file.getFilePath());

export function placeOf(root: string, node: Node): Span {
  return placeAt(root, node.getSourceFile(), { start: node.getStart(), end: node.getEnd() });
}

export function placeAt(
  root: string,
  file: SourceFile,
  range: { readonly start: number; readonly end: number },
): Span {
  // TypeScript keeps the starts of lines; ts-morph's own method counts them anew each time.
  const { line, character } = file.compilerNode.getLineAndCharacterOfPosition(range.start);
  return { file: pathFrom(root, file), ...range, line: line + 1, column: character + 1 };
}
