import type { Worker as NodeThread } from "node:worker_threads";
import { StreamgenError } from "../../errors.ts";
import type { WorkerHealth } from "../contract.ts";
import type { Logger } from "../scope.ts";
import type { WebAnswer, WebRequest } from "../web/answer.ts";
import {
  errorOf,
  type ThreadCall,
  type ThreadEvent,
  type ThreadReport,
  type ThreadRequest,
} from "./messages.ts";

export interface ThreadOptions {
  /** From 0. */
  readonly index: number;
  readonly logger: Logger;
  onEvent(event: ThreadEvent): void;
  /** The thread has ended without having been asked to. */
  onEnd(error: StreamgenError): void;
}

interface Waiting {
  resolve(answer?: WebAnswer): void;
  reject(error: unknown): void;
}

const newHealth: WorkerHealth = {
  state: "new",
  isReady: false,
  tasks: [],
  commits: 0,
  aborts: 0,
  counts: {},
};

/** The main thread's side of one thread. */
export class Thread {
  /** As the thread has told it last. */
  health: WorkerHealth = newHealth;
  /** Resolves when the thread has ended, however it did. */
  readonly ended: Promise<void>;
  readonly #thread: NodeThread;
  readonly #options: ThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #isStopping = false;
  #uncaught: unknown;
  /** Why it has ended. */
  #end: StreamgenError | undefined;

  constructor(thread: NodeThread, options: ThreadOptions) {
    this.#thread = thread;
    this.#options = options;
    thread.on("message", (report: ThreadReport) => this.#hear(report));
    thread.on("error", (error) => {
      this.#uncaught = error;
    });
    this.ended = new Promise((resolve) => {
      thread.on("exit", (code) => {
        this.#close(code);
        resolve();
      });
    });
  }

  /** Does to the thread's worker what its name says. Rejects with the worker's own error. */
  call(call: ThreadCall): Promise<void> {
    if (call === "stop") this.#isStopping = true;
    if (this.#end !== undefined) {
      return call === "stop" ? Promise.resolve() : Promise.reject(this.#end);
    }
    const id = this.#calls++;
    const answered = new Promise<void>((resolve, reject) => {
      this.#waiting.set(id, { resolve: () => resolve(), reject });
    });
    this.#thread.postMessage({ id, call } satisfies ThreadRequest);
    return answered;
  }

  /** Has the thread's worker answer a request; `undefined` where the thread has ended. */
  handle(request: WebRequest): Promise<WebAnswer | undefined> {
    if (this.#end !== undefined) return Promise.resolve(undefined);
    const id = this.#calls++;
    const answered = new Promise<WebAnswer | undefined>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#thread.postMessage({ id, call: "handle", request } satisfies ThreadRequest);
    return answered.catch(() => undefined);
  }

  /** Ends the thread where it is: what it has not committed is lost. */
  async terminate(): Promise<void> {
    this.#isStopping = true;
    await this.#thread.terminate();
  }

  #hear(report: ThreadReport): void {
    switch (report.kind) {
      case "health":
        this.health = report.health;
        break;
      case "log":
        this.#options.logger[report.level](report.text, report.fields);
        break;
      case "event":
        this.#options.onEvent(report);
        break;
      case "answer": {
        const waiting = this.#waiting.get(report.id);
        this.#waiting.delete(report.id);
        if (report.error === undefined) waiting?.resolve(report.answer);
        else waiting?.reject(errorOf(report.error));
      }
    }
  }

  #close(code: number): void {
    const uncaught = this.#uncaught;
    const reason = uncaught instanceof Error ? uncaught.message : `its exit code is ${code}`;
    const error = new StreamgenError(
      "SG8107",
      `thread ${this.#options.index + 1} has ended by itself: ${reason}`,
      {},
      uncaught,
    );
    this.#end = error;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { resolve, reject } of waiting) {
      if (this.#isStopping && uncaught === undefined) resolve();
      else reject(error);
    }
    if (!this.#isStopping) this.#options.onEnd(error);
  }
}
