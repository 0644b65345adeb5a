import type { LogFields, Logger } from "../scope.ts";

/** Writes each line as one JSON object. */
export function jsonLogger(now: () => number, write: (line: string) => void): Logger {
  const at =
    (level: string) =>
    (text: string, fields: LogFields = {}) => {
      const line = { time: new Date(now()).toISOString(), level, text, ...fields };
      write(
        `${JSON.stringify(line, (_, value) => (typeof value === "bigint" ? String(value) : value))}\n`,
      );
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** A logger that adds fields to each line; those of the line itself win. */
export function withFields(logger: Logger, added: LogFields): Logger {
  const at = (level: keyof Logger) => (text: string, fields?: LogFields) =>
    logger[level](text, { ...added, ...fields });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
