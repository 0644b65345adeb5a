import type { Diagnostic } from "./diagnostic.ts";
import { isError } from "./report.ts";

/** As many as a person reads. */
const shownMax = 50;

/**
 * Sorted by file, then offset; those about no place come first. Of several with one code at one place,
 * such as each use of a record that is not exported, the first is kept.
 */
export function arrange(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const key = identity(diagnostic);
    if (!unique.has(key)) unique.set(key, diagnostic);
  }
  return [...unique.values()].sort(
    (a, b) =>
      compareText(a.span?.file ?? "", b.span?.file ?? "") ||
      (a.span?.start ?? 0) - (b.span?.start ?? 0) ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  );
}

/** The first that are worth showing, errors before all others, and how many are left out. */
export function limit(diagnostics: readonly Diagnostic[]): {
  readonly shown: readonly Diagnostic[];
  readonly hidden: number;
} {
  const errors = diagnostics.filter(isError);
  const others = diagnostics.filter((diagnostic) => !isError(diagnostic));
  const shown = new Set([...errors, ...others].slice(0, shownMax));
  return {
    shown: diagnostics.filter((diagnostic) => shown.has(diagnostic)),
    hidden: diagnostics.length - shown.size,
  };
}

const identity = ({ code, message, span }: Diagnostic): string =>
  JSON.stringify(span === undefined ? [code, message] : [code, span.file, span.start]);

/** By code units, so that no locale has a say. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
