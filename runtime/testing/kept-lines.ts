import type { LogFields, Logger } from "../worker/scope.ts";

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly text: string;
  readonly fields: LogFields;
}

export interface KeptLines {
  readonly logger: Logger;
  /** In order; it grows. */
  readonly lines: readonly LogLine[];
}

/** A logger that keeps what it is told. */
export function keepLines(): KeptLines {
  const lines: LogLine[] = [];
  const keep =
    (level: LogLine["level"]) =>
    (text: string, fields: LogFields = {}): void => {
      lines.push({ level, text, fields });
    };
  const logger = {
    debug: keep("debug"),
    info: keep("info"),
    warn: keep("warn"),
    error: keep("error"),
  };
  return { logger, lines };
}
