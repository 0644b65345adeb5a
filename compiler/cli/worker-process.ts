import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

export interface WorkerProcess {
  /** The generated `main.ts`, absolute. */
  readonly main: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The project's folder: path aliases are those of its tsconfig.json. */
  readonly root: string;
}

/**
 * Runs a worker from its TypeScript sources, with this process's own input and output, and gives its
 * exit code. Signals are the worker's to answer: this process waits until it has.
 */
export function runWorkerProcess(worker: WorkerProcess): Promise<number> {
  const child = startWorkerProcess(worker);
  // A terminal sends Ctrl-C to both processes, anybody else's signal comes to this one only.
  const forward = (signal: NodeJS.Signals) => (): void => {
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  const listeners = (["SIGINT", "SIGTERM"] as const).map(
    (signal) => [signal, forward(signal)] as const,
  );
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const [name, listener] of listeners) process.off(name, listener);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * Starts a worker from its TypeScript sources, with this process's own input and output. It stops when
 * this process is gone, however that went: it notices that the channel between them has closed.
 */
export function startWorkerProcess({ main, args, cwd, root }: WorkerProcess): ChildProcess {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const tsconfig = path.join(root, "tsconfig.json");
  const conditions = process.execArgv.filter((each) => each.startsWith("--conditions="));
  return spawn(process.execPath, [...conditions, "--import", tsx, main, ...args], {
    cwd,
    env: existsSync(tsconfig) ? { ...process.env, TSX_TSCONFIG_PATH: tsconfig } : process.env,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
}
