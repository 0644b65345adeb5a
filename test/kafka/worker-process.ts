/** A worker in a process of its own, that tests kill and stop. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Leashed, startLeashed } from "./leash.ts";

const tsx = import.meta.resolve("tsx");
const program = fileURLToPath(new URL("tally-worker.ts", import.meta.url));
const fromSources = ["--conditions=@streamgen/source", "--import", tsx];
const lookMs = 20;

let processes = 0;

export interface WorkerProcessOptions {
  /** The pipeline's folder. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

export class WorkerProcess {
  readonly #leashed: Leashed;

  private constructor(leashed: Leashed) {
    this.#leashed = leashed;
  }

  /** A worker that can be killed: `tally-worker.ts` with these arguments. */
  static start(options: WorkerProcessOptions, args: readonly string[]): WorkerProcess {
    return WorkerProcess.#run(options, [program, options.folder, ...args]);
  }

  /** The pipeline's own program with these flags. */
  static main(options: WorkerProcessOptions, flags: readonly string[]): WorkerProcess {
    return WorkerProcess.#run(options, [path.join(options.folder, "generated/main.ts"), ...flags]);
  }

  static #run({ folder, env }: WorkerProcessOptions, args: readonly string[]): WorkerProcess {
    processes += 1;
    const leashed = startLeashed({
      command: process.execPath,
      args: [...fromSources, ...args],
      folder,
      log: path.join(folder, `worker-${processes}.log`),
      ...(env === undefined ? {} : { env }),
    });
    return new WorkerProcess(leashed);
  }

  /** Everything it has said. */
  get said(): string {
    return readFileSync(this.#leashed.log, "utf8");
  }

  get pid(): number {
    return this.#leashed.pid;
  }

  get isRunning(): boolean {
    return this.#leashed.isRunning();
  }

  /** Resolves with its exit code when it has ended; `null` where a signal ended it. */
  get ended(): Promise<number | null> {
    return this.#leashed.ended;
  }

  /** Resolves when it has said something that fits. */
  async says(pattern: RegExp, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!pattern.test(this.said)) {
      if (!this.isRunning) throw new Error(`the worker has ended without ${pattern}: ${this.said}`);
      if (Date.now() > deadline) throw new Error(`no ${pattern}: ${this.said}`);
      await sleep(lookMs);
    }
  }

  async kill(): Promise<void> {
    await this.#leashed.end("SIGKILL");
  }

  /** SIGTERM; resolves with the exit code and how long it took. */
  async stop(): Promise<{ readonly code: number | null; readonly tookMs: number }> {
    const begun = performance.now();
    await this.#leashed.end("SIGTERM");
    return { code: await this.ended, tookMs: performance.now() - begun };
  }

  freeze(): void {
    this.#leashed.signal("SIGSTOP");
  }

  thaw(): void {
    this.#leashed.signal("SIGCONT");
  }
}
