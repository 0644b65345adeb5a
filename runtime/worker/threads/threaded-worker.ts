import { availableParallelism } from "node:os";
import { StreamgenError } from "../../errors.ts";
import type { Worker, WorkerEvents, WorkerHealth, WorkerState } from "../contract.ts";
import { named } from "../failures/named-error.ts";
import type { Logger } from "../scope.ts";
import { Signals } from "../services/signals.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineSpec } from "../spec.ts";
import { errorAnswer, type WebAnswer, type WebRequest } from "../web/answer.ts";
import { mergeHealth } from "./merge-health.ts";
import { errorOf, type ThreadCall, type ThreadEvent, type ThreadPlan } from "./messages.ts";
import { ownProgram, type Program, startThread } from "./start-thread.ts";
import { Thread } from "./thread.ts";

export interface ThreadedOptions {
  readonly spec: PipelineSpec;
  readonly settings: Settings;
  readonly count: number;
  /** Gets what all threads log; the field `thread` says which one. */
  readonly logger: Logger;
  /** As in `WorkerOptions`; what else a thread's worker needs it finds by itself. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly settleMaxMs?: number;
  /** Without it, the program of this process. */
  readonly program?: Program;
}

const settleMaxMs = 10_000;
/** What a thread may take to stop beside waiting for its agents. */
const stopSlackMs = 4_000;
/** What the user's code has left running, such as a timer, does not keep a thread alive. */
const lingerMs = 1_000;

/** How many threads the settings ask for: `auto` is one for each processor. */
export function threadsOf({ threads }: Settings): number {
  return threads === "auto" ? availableParallelism() : threads;
}

/** Throws SG8105 where several threads are asked for; `auto` is one here. */
export function checkEmbeddedThreads({ threads }: Settings): void {
  if (threads === "auto" || threads === 1) return;
  throw new StreamgenError(
    "SG8105",
    `the embedded log lives in one thread, and ${threads} are asked for: leave out --threads and ` +
      "STREAMGEN_THREADS, or run on Kafka",
  );
}

/**
 * One worker made of several threads. Each is a member of the group by itself, with connections, tables
 * and the user's code of its own. The program is started again in each thread, where `serveThread`
 * answers; when one fails, all are stopped.
 */
export function threadedWorker(options: ThreadedOptions): Worker {
  return new ThreadedWorker(options);
}

class ThreadedWorker implements Worker {
  readonly spec: PipelineSpec;
  readonly #options: ThreadedOptions;
  readonly #signals = new Signals();
  readonly #threads: Thread[] = [];
  #state: WorkerState = "new";
  #error: StreamgenError | undefined;
  #records = 0;
  #stopping: Promise<void> | undefined;

  constructor(options: ThreadedOptions) {
    this.spec = options.spec;
    this.#options = options;
  }

  async start(): Promise<void> {
    if (this.#state !== "new") {
      throw new StreamgenError("SG8006", `a worker that is ${this.#state} cannot be started`);
    }
    this.#state = "starting";
    try {
      // The first one makes the topics: several at once would get into each other's way.
      await this.#startThread(0);
      const others = Array.from({ length: this.#options.count - 1 }, (_, index) => index + 1);
      await Promise.all(others.map((index) => this.#startThread(index)));
    } catch (error) {
      this.#fail(error);
      await this.stop().catch(() => undefined);
      throw error;
    }
    if (this.#state !== "starting") return;
    this.#state = "running";
    const { app, instance = "" } = this.#options.settings;
    this.#signals.emit("started", { app, instance });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  ready(): Promise<void> {
    return this.#all("ready");
  }

  async idle(): Promise<void> {
    // What one thread sends another one may read, so all are idle only when nobody did anything meanwhile.
    for (let before = -1; before !== this.#records; ) {
      before = this.#records;
      await this.#all("idle");
    }
  }

  commit(): Promise<void> {
    return this.#all("commit");
  }

  health(): WorkerHealth {
    const health = mergeHealth(
      this.#state,
      this.#threads.map((thread) => thread.health),
    );
    return this.#error === undefined ? health : { ...health, error: this.#error.message };
  }

  /**
   * The first thread answers, and where a view of it has not got the rows, the next one: only what
   * reads is asked again.
   */
  async handle(request: WebRequest): Promise<WebAnswer> {
    const mayRepeat = request.method === "GET" || request.method === "HEAD";
    let last: WebAnswer | undefined;
    for (const thread of this.#threads) {
      last = (await thread.handle(request)) ?? last;
      if (last !== undefined && (last.status !== 503 || !mayRepeat)) return last;
    }
    return last ?? errorAnswer(503, `the worker is ${this.#state}`, { "retry-after": "1" });
  }

  on<Name extends keyof WorkerEvents>(
    name: Name,
    listener: (event: WorkerEvents[Name]) => void,
  ): () => void {
    return this.#signals.on(name, listener);
  }

  async #startThread(index: number): Promise<void> {
    if (this.#state !== "starting") return;
    const { count, flags = {}, settleMaxMs, program, logger } = this.#options;
    const plan: ThreadPlan = {
      streamgen: "thread",
      index,
      of: count,
      flags,
      ...(settleMaxMs !== undefined && { settleMaxMs }),
    };
    const thread = new Thread(startThread(plan, program ?? ownProgram()), {
      index,
      logger,
      onEvent: (event) => this.#hear(event, index + 1),
      onEnd: (error) => this.#failAndStop(error),
    });
    this.#threads.push(thread);
    await thread.call("start");
  }

  async #all(call: ThreadCall): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    await Promise.all(this.#threads.map((thread) => thread.call(call)));
  }

  #hear(heard: ThreadEvent, thread: number): void {
    switch (heard.name) {
      // These are said once, of all threads together.
      case "started":
      case "stopped":
        return;
      case "error":
        this.#hearError(errorOf(heard.event.error), heard.event.task);
        return;
      case "aborted": {
        const error = asNamed(errorOf(heard.event.error));
        this.#signals.emit("aborted", { ...heard.event, error });
        return;
      }
      case "skipped":
        this.#signals.emit("skipped", { error: asNamed(errorOf(heard.event.error)) });
        return;
      case "deadLettered": {
        const error = asNamed(errorOf(heard.event.error));
        this.#signals.emit("deadLettered", { ...heard.event, error });
        return;
      }
      case "retrying": {
        const error = asNamed(errorOf(heard.event.error));
        this.#signals.emit("retrying", { ...heard.event, error });
        return;
      }
      case "committed":
        this.#records += heard.event.records;
        this.#signals.emit("committed", heard.event);
        return;
      case "assigned":
      case "revoked":
      case "lost":
        this.#signals.emit(heard.name, { ...heard.event, thread });
        return;
      default:
        this.#signals.emit(heard.name, heard.event);
    }
  }

  #hearError(cause: Error, task: WorkerEvents["error"]["task"]): void {
    if (task === undefined) this.#failAndStop(cause);
    else this.#signals.emit("error", { error: asNamed(cause), task });
  }

  #failAndStop(cause: unknown): void {
    this.#fail(cause);
    this.stop().catch(() => undefined);
  }

  #fail(cause: unknown): void {
    if (this.#state === "failed" || this.#state === "stopped") return;
    this.#state = "failed";
    this.#error = asNamed(cause);
    this.#signals.emit("error", { error: this.#error });
  }

  async #stop(): Promise<void> {
    const hasFailed = this.#state === "failed";
    if (!hasFailed) this.#state = "stopping";
    const stopped = await Promise.allSettled(this.#threads.map((thread) => this.#end(thread)));
    if (!hasFailed) this.#state = "stopped";
    this.#signals.emit("stopped", {});
    const failure = stopped.find((each) => each.status === "rejected");
    if (failure !== undefined && !hasFailed) throw failure.reason;
  }

  /** Stops a thread by its own means, and then by force. */
  async #end(thread: Thread): Promise<void> {
    const maxMs = (this.#options.settleMaxMs ?? settleMaxMs) + stopSlackMs;
    try {
      await within(maxMs, thread.call("stop"));
      await within(lingerMs, thread.ended);
    } finally {
      await thread.terminate();
    }
  }
}

function asNamed(cause: unknown): StreamgenError {
  return named(cause, "SG8007", "the worker has failed");
}

/** Resolves when the promise does, or at the latest after `maxMs`. */
async function within(maxMs: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, maxMs);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
