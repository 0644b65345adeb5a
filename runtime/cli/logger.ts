import type { LogFields, Logger } from "../worker/scope.ts";

/** Lines for people: `12:00:01 info  customers partition=0 count=3`. Warnings and errors say so. */
export function readableLogger(write: (line: string) => void, now: () => number): Logger {
  const line =
    (level: string) =>
    (text: string, fields: LogFields = {}): void => {
      const time = new Date(now()).toISOString().slice(11, 19);
      const parts = Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`);
      write(`${time} ${level} ${oneLine(text)}${parts.join("")}\n`);
    };
  return {
    debug: line("debug"),
    info: line("info "),
    warn: line("warn "),
    error: line("error"),
  };
}

function fieldText(value: LogFields[string]): string {
  const text = String(value);
  return /^[\w.:/+-]*$/.test(text) ? text : JSON.stringify(text);
}

/** Whatever is logged stays on its line and does not steer the terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
