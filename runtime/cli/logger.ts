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
  levels: LogLevels,
): Logger {
  const line =
    (level: string) =>
    (text: string, fields: LogFields = {}): void => {
      const time = new Date(now()).toISOString().slice(11, 19);
      const parts = Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`);
      write(`${time} ${level} ${oneLine(text)}${parts.join("")}\n`);
    };
  const all = {
    debug: line("debug"),
    info: line("info "),
    warn: line("warn "),
    error: line("error"),
  };
  return quieter(all, levels);
}

/** The same logger without the levels that are not wanted. */
export function quieter(logger: Logger, { isQuiet, isVerbose }: LogLevels): Logger {
  return {
    ...logger,
    debug: isVerbose && !isQuiet ? logger.debug : ignore,
    info: isQuiet ? ignore : logger.info,
  };
}

/** What stops a worker ends its process, which says it then: once is enough. */
export function withoutFailures(logger: Logger): Logger {
  return {
    ...logger,
    error(text, fields) {
      if (!String(fields?.["code"]).startsWith("SG")) logger.error(text, fields);
    },
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
