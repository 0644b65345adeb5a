import { arrange } from "./arrange.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** One object on each line, for programs: all diagnostics, in order. */
export const renderJson = (diagnostics: readonly Diagnostic[]): string =>
  arrange(diagnostics)
    .map((diagnostic) => `${JSON.stringify(diagnostic)}\n`)
    .join("");
