import type { ChildProcess } from "node:child_process";
import { startWorkerProcess } from "./worker-process.ts";

/** A worker stops within 10 s by itself. */
const stopMaxMs = 12_000;

interface Program {
  readonly root: string;
  readonly main: string;
}

export interface DevWorkerOptions {
  readonly cwd: string;
  readonly args: readonly string[];
  /** Told when a worker ends that nobody has stopped. */
  ended(code: number): void;
}

/** The worker of `streamgen dev`: one process at a time, and none that is left behind. */
export class DevWorker {
  readonly #options: DevWorkerOptions;
  #child: ChildProcess | undefined;
  #isOver = false;

  constructor(options: DevWorkerOptions) {
    this.#options = options;
  }

  /** Stops the worker that runs, if one does, and starts another. */
  async restart({ root, main }: Program): Promise<void> {
    await this.#stopChild();
    if (this.#isOver) return;
    const { cwd, args, ended } = this.#options;
    const child = startWorkerProcess({ root, main, cwd, args });
    this.#child = child;
    child.once("error", () => this.#forget(child));
    child.once("close", (code) => {
      if (this.#forget(child)) ended(code ?? 1);
    });
  }

  /** Stops the worker; another one is not started any more. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#stopChild();
  }

  /** Whether it was the one that runs. */
  #forget(child: ChildProcess): boolean {
    const isCurrent = this.#child === child;
    if (isCurrent) this.#child = undefined;
    return isCurrent;
  }

  async #stopChild(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMaxMs);
    await closed;
    clearTimeout(timer);
  }
}
