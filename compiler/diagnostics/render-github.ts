import { arrange, limit } from "./arrange.ts";
import type { Diagnostic } from "./diagnostic.ts";

const commands = { error: "error", warning: "warning", info: "notice" } as const;

/** GitHub's workflow commands: each diagnostic shows at its line of the change. */
export function renderGithub(diagnostics: readonly Diagnostic[]): string {
  const { shown, hidden } = limit(arrange(diagnostics));
  const lines = shown.map(({ code, severity, message, span, fix }) => {
    const place =
      span === undefined
        ? []
        : [`file=${property(span.file)}`, `line=${span.line}`, `col=${span.column}`];
    const text = fix === undefined ? message : `${message}\nfix: ${fix}`;
    return `::${commands[severity]} ${[...place, `title=${code}`].join(",")}::${data(text)}`;
  });
  if (hidden > 0) lines.push(`::notice::and ${hidden} more`);
  return lines.map((line) => `${line}\n`).join("");
}

const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
