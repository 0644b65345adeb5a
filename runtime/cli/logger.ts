import type { LogFields, Logger } from "../worker/scope.ts";

/** Which levels are printed beside warnings and errors: `info` unless quiet, `debug` if verbose. */
export interface LogLevels {
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
}

/** Lines for people: `12:00:01 info  customers partition=0 count=3`. Warnings and errors say so. */
export function readableLogger(
  write: (line: string) => void,
  now: () => number,
  { isQuiet, isVerbose }: LogLevels,
): Logger {
  const line =
    (level: string) =>
    (text: string, fields: LogFields = {}): void => {
      const time = new Date(now()).toISOString().slice(11, 19);
      const parts = Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`);
      write(`${time} ${level} ${oneLine(text)}${parts.join("")}\n`);
    };
  return {
    debug: isVerbose && !isQuiet ? line("debug") : ignore,
    info: isQuiet ? ignore : line("info "),
    warn: line("warn "),
    error: line("error"),
  };
}

function ignore(): void {
  return;
}

function fieldText(value: LogFields[string]): string {
  const text = String(value);
  return /^[\w.:/+-]*$/.test(text) ? text : JSON.stringify(text);
}

/** Whatever is logged stays on its line and does not steer the terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
