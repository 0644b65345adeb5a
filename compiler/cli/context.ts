import { readFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderGithub } from "../diagnostics/render-github.ts";
import { renderJson } from "../diagnostics/render-json.ts";
import { renderText } from "../diagnostics/render-text.ts";
import type { Invocation } from "./arguments.ts";
import type { Terminal } from "./terminal.ts";

/** What a command is given. */
export interface Context {
  readonly invocation: Invocation;
  readonly terminal: Terminal;
  /** Absolute. */
  readonly cwd: string;
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether results are JSON lines. */
  readonly isJson: boolean;
  readonly isQuiet: boolean;
}

/** Prints diagnostics, for people or as JSON lines. Their files are below `root`. */
export function report(
  { terminal, isJson, env }: Context,
  diagnostics: readonly Diagnostic[],
  root: string,
): void {
  if (diagnostics.length === 0) return;
  if (isJson) {
    terminal.print(renderJson(diagnostics));
    return;
  }
  const readSource = reader(root);
  terminal.note(renderText(diagnostics, { readSource, color: terminal.hasColor }));
  if (env["GITHUB_ACTIONS"] === "true") terminal.print(renderGithub(diagnostics));
}

/** One JSON object on a line of its own, where JSON is wanted. */
export function reportJson({ terminal, isJson }: Context, content: object): void {
  if (isJson) terminal.print(`${JSON.stringify(content)}\n`);
}

/** Something good to know, for people. */
export function say({ terminal, isJson, isQuiet }: Context, text: string): void {
  if (!isJson && !isQuiet) terminal.note(text);
}

function reader(root: string): (file: string) => string | undefined {
  return (file) => {
    try {
      return readFileSync(path.join(root, file), "utf8");
    } catch {
      // Without the file there is no code frame, but the message stands.
      return undefined;
    }
  };
}
