import type { Span } from "../model/span.ts";
import type { Diagnostic, DiagnosticCode, RelatedPlace } from "./diagnostic.ts";

interface Report {
  readonly code: DiagnosticCode;
  readonly span: Span | undefined;
  readonly message: string;
  readonly fix?: string | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
}

/** Nothing is written while there is one of these. */
export const error = (report: Report): Diagnostic => withSeverity("error", report);

/** Most likely a mistake, but a program that works. */
export const warning = (report: Report): Diagnostic => withSeverity("warning", report);

/** Something that is good to know once. */
export const info = (report: Report): Diagnostic => withSeverity("info", report);

export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === "error";

function withSeverity(severity: Diagnostic["severity"], report: Report): Diagnostic {
  const { code, message, span, related = [], fix } = report;
  return { code, severity, message, span, related, fix };
}
