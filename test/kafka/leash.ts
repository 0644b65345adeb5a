import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";

/** A server that cannot outlive the process that started it, however that one ends. */
export interface Leashed {
  readonly pid: number;
  /** Standard output and error. */
  readonly log: string;
  /** Resolves when the process has ended, with its exit code; `null` where a signal ended it. */
  readonly ended: Promise<number | null>;
  isRunning(): boolean;
  /** Sends the signal; resolves when the process is gone. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
}

export interface LeashedOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly log: string;
}

/** Starts a server. It does not keep this process alive, and is killed when this process ends. */
export function startLeashed(options: LeashedOptions): Leashed {
  const output = openSync(options.log, "a");
  const child = spawn(options.command, options.args, {
    cwd: options.folder,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.command} cannot be started`);
  child.unref();
  const leash = tie(`kill -9 ${pid}`);
  const ended = once(child, "exit").then(() => {
    leash.kill("SIGKILL");
    return child.exitCode;
  });
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    log: options.log,
    ended,
    isRunning,
    async end(signal) {
      if (!isRunning()) return;
      child.ref();
      child.kill(signal);
      await ended;
    },
    signal: (name) => child.kill(name),
  };
}

/** Removes a folder when this process has ended, after the servers in it. */
export function removeAtTheEnd(folder: string): void {
  tie(`sleep 1; rm -rf '${folder}'`);
}

/** A shell that waits for the end of its input, which comes with our end, even by SIGKILL. */
function tie(command: string): ChildProcess {
  const shell = spawn("/bin/sh", ["-c", `cat >/dev/null; ${command}`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  const input: unknown = shell.stdin;
  if (input instanceof Object && "unref" in input && typeof input.unref === "function") {
    input.unref();
  }
  return shell;
}

/** The end of a server's log, for the error that says why it did not start. */
export function tail(log: string): string {
  return readFileSync(log, "utf8").split("\n").slice(-30).join("\n");
}
