import { plural, rateText, secondsText } from "./text.ts";

/** The part of standard error that is used. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Says how far a run is: nobody sees it where a step takes less than a second. */
export interface Progress {
  /** A new step: its count and its time begin again. */
  begin(what: string): void;
  /** The records so far in this step. */
  at(records: number): void;
  /** Shows a text of its own on a terminal's line; nothing elsewhere. */
  say(text: string): void;
  /** Removes the line. */
  done(): void;
}

const patienceMs = 1000;
const terminalEveryMs = 100;
/** Without a terminal each report is a line of its own, so there are fewer. */
const plainEveryMs = 5000;
const clearLine = "\r\u001b[2K";

/** Progress on a stream: one rewriting line on a terminal, a plain line now and then elsewhere. */
export function openProgress(stream: ProgressStream, now: () => number): Progress {
  const isTerminal = stream.isTTY === true;
  let step = "";
  let begun = now();
  let next = 0;
  let isShown = false;
  return {
    begin(what) {
      step = what;
      begun = now();
      next = begun + patienceMs;
    },
    at(records) {
      const moment = now();
      if (moment < next) return;
      next = moment + (isTerminal ? terminalEveryMs : plainEveryMs);
      const passedMs = moment - begun;
      const rate = rateText(records, passedMs);
      const text = `${step}: ${plural(records, "record")}, ${rate}, ${secondsText(passedMs)}`;
      stream.write(isTerminal ? `${clearLine}${text}` : `${text}\n`);
      isShown = isTerminal;
    },
    say(text) {
      const moment = now();
      if (!isTerminal || moment < next) return;
      next = moment + terminalEveryMs;
      stream.write(`${clearLine}${text}`);
      isShown = true;
    },
    done() {
      if (isShown) stream.write(clearLine);
      isShown = false;
    },
  };
}
