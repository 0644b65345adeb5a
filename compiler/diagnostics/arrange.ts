import type { Diagnostic } from "./diagnostic.ts";
import { isError } from "./report.ts";

/** As many as a person reads. */
export const shownMax = 50;

/** Sorted by file, then offset, and each one once; those about no place come first. */
export function arrange(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(diagnostics.map((diagnostic) => [identity(diagnostic), diagnostic]));
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
  JSON.stringify([code, message, span?.file, span?.start]);

/** By code units, so that no locale has a say. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
