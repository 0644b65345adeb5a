/** Where text goes, and how it may look. */
export interface Terminal {
  /** Results: standard output. */
  print(text: string): void;
  /** Everything about the run itself: standard error. */
  note(text: string): void;
  /**
   * Says what is going on, on one line that is rewritten; nobody sees it where it is done within
   * 300 ms, or where standard error is no terminal.
   */
  progress(text: string): void;
  /** Removes the progress line. */
  done(): void;
  readonly hasColor: boolean;
  /** Columns. */
  readonly width: number;
}

/** The part of a stream that is used. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface TerminalOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `undefined`: colours where there is a terminal and the environment does not say otherwise. */
  readonly color: boolean | undefined;
  readonly isQuiet: boolean;
}

const patienceMs = 300;
const clearLine = "\r\u001b[2K";

export function openTerminal(options: TerminalOptions): Terminal {
  const { stdout, stderr, env, isQuiet } = options;
  const rewrites = stderr.isTTY === true && !isQuiet && env["TERM"] !== "dumb";
  let shown = false;
  let text = "";
  let timer: NodeJS.Timeout | undefined;
  const begun = performance.now();

  const show = (): void => {
    stderr.write(`${clearLine}${text}`);
    shown = true;
  };
  const done = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (shown) stderr.write(clearLine);
    shown = false;
  };
  return {
    print(line) {
      done();
      stdout.write(line);
    },
    note(line) {
      done();
      stderr.write(line);
    },
    progress(next) {
      if (!rewrites) return;
      text = next;
      const waitMs = patienceMs - (performance.now() - begun);
      if (waitMs <= 0) show();
      else timer ??= setTimeout(show, waitMs).unref();
    },
    done,
    hasColor: options.color ?? wantsColor(stderr, env),
    width: Math.min(stderr.columns ?? 80, 120),
  };
}

/** By the conventions of https://no-color.org and FORCE_COLOR. */
function wantsColor(stream: OutputStream, env: TerminalOptions["env"]): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
