import { nearest } from "./nearest.ts";

/** `write "x"` for the candidate that is probably meant, or all of them. */
export function suggest(word: string, candidates: readonly string[]): string {
  const guess = nearest(word, candidates);
  if (guess !== undefined) return `write "${guess}"`;
  return `write one of: ${candidates.join(", ")}`;
}
