import type { Span } from "../model/span.ts";

/**
 * Something to tell the user about their program. Bands: SG1xxx reading, SG2xxx types and Avro,
 * SG3xxx topics, tables and agents, SG4xxx names and output, SG5xxx configuration of the compiler.
 */
export interface Diagnostic {
  /** Four digits, never used again for something else. `docs/diagnostics/` has a page for each. */
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning" | "info";
  /** One clause, lower case, without a stop, in the user's words: what is wrong with their program. */
  readonly message: string;
  readonly span: Span | undefined;
  readonly related: readonly RelatedPlace[];
  /** One concrete way out: what to write. */
  readonly fix: string | undefined;
  /** The file of `span` holds a secret: nobody is shown a line of it. */
  readonly hidesSource?: true;
}

export type DiagnosticCode = `SG${number}`;

export interface RelatedPlace {
  readonly message: string;
  readonly span: Span;
}
