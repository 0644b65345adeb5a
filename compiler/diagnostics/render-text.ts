import type { Span } from "../model/span.ts";
import { arrange, limit } from "./arrange.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { frame } from "./frame.ts";
import { paint, printable } from "./paint.ts";

export interface TextOptions {
  /** The text of a file, for code frames; its path is a span's. */
  readonly readSource: (file: string) => string | undefined;
  /** Whether to use the terminal's colours. Default: no. */
  readonly color?: boolean;
}

/** For people: each diagnostic with its place, the code, what is known besides, and a way out. */
export function renderText(diagnostics: readonly Diagnostic[], options: TextOptions): string {
  const { shown, hidden } = limit(arrange(diagnostics));
  const secret = new Set(diagnostics.map((each) => each.hidesSource && each.span?.file));
  const readSource = (file: string): string | undefined =>
    secret.has(file) ? undefined : options.readSource(file);
  const blocks = shown.map((diagnostic) => renderOne(diagnostic, { ...options, readSource }));
  if (hidden > 0) blocks.push(`and ${hidden} more\n`);
  return blocks.join("\n");
}

function renderOne(diagnostic: Diagnostic, { readSource, color = false }: TextOptions): string {
  const { code, severity, message, span, related, fix } = diagnostic;
  const tint = paint(color);
  const lines = [`${tint[severity](`${severity} ${code}:`)} ${tint.strong(printable(message))}`];
  if (span !== undefined) {
    lines.push(`  ${placeText(span)}`);
    lines.push(...frame(span, readSource(span.file)).map((line) => colorFrame(line, tint)));
  }
  for (const place of related) {
    lines.push(`  ${tint.dim("note")}  ${printable(place.message)}: ${placeText(place.span)}`);
  }
  if (fix !== undefined) lines.push(`  ${tint.dim("fix")}   ${printable(fix)}`);
  return lines.map((line) => `${line}\n`).join("");
}

const placeText = ({ file, line, column }: Span): string => `${printable(file)}:${line}:${column}`;

const colorFrame = (
  { text, isMark }: ReturnType<typeof frame>[number],
  tint: ReturnType<typeof paint>,
): string => (isMark ? tint.error(text) : text);
