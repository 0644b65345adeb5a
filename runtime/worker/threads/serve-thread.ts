import { isMainThread, type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { Worker, WorkerEvents, WorkerOptions } from "../contract.ts";
import type { LogFields, Logger } from "../scope.ts";
import {
  plainError,
  type ThreadCall,
  type ThreadEvent,
  type ThreadPlan,
  type ThreadReport,
  type ThreadRequest,
} from "./messages.ts";

/** How often the main thread hears how the worker is, beside what happens. */
const healthEveryMs = 1000;

/** Events that carry an error. */
const errorNames = ["aborted", "skipped", "deadLettered", "retrying", "error"] as const;

const eventNames: readonly Exclude<keyof WorkerEvents, (typeof errorNames)[number]>[] = [
  "started",
  "assigned",
  "revoked",
  "lost",
  "restoring",
  "restored",
  "committed",
  "paused",
  "stopped",
];

/**
 * In a thread that `threadedWorker` has started, serves its worker to the main thread and gives true;
 * elsewhere it does nothing and gives false.
 */
export function serveThread(createWorker: (options: WorkerOptions) => Worker): boolean {
  const plan: unknown = workerData;
  if (isMainThread || parentPort === null || !isPlan(plan)) return false;
  new ThreadServer(parentPort, plan, createWorker).listen();
  return true;
}

function isPlan(data: unknown): data is ThreadPlan {
  return (
    typeof data === "object" && data !== null && "streamgen" in data && data.streamgen === "thread"
  );
}

class ThreadServer {
  readonly #port: MessagePort;
  readonly #plan: ThreadPlan;
  readonly #createWorker: (options: WorkerOptions) => Worker;
  #worker: Worker | undefined;
  #pulse: NodeJS.Timeout | undefined;

  constructor(
    port: MessagePort,
    plan: ThreadPlan,
    createWorker: (options: WorkerOptions) => Worker,
  ) {
    this.#port = port;
    this.#plan = plan;
    this.#createWorker = createWorker;
  }

  listen(): void {
    this.#port.on("message", (request: ThreadRequest) => {
      this.#answer(request).catch((error: unknown) => {
        // The main thread hears of it as of anything that nobody has caught here.
        queueMicrotask(() => {
          throw error;
        });
      });
    });
  }

  async #answer(asked: ThreadRequest): Promise<void> {
    const { id, call } = asked;
    if (asked.call === "handle") {
      const answer = await this.#worker?.handle(asked.request);
      return this.#report({ kind: "answer", id, ...(answer !== undefined && { answer }) });
    }
    await this.#obey(id, asked.call);
    if (call !== "stop") return;
    clearInterval(this.#pulse);
    // Nothing keeps the thread from here on but what the user's code has left running.
    this.#port.close();
  }

  async #obey(id: number, call: ThreadCall): Promise<void> {
    try {
      await this.#do(call);
      this.#report({ kind: "answer", id });
    } catch (error) {
      this.#report({ kind: "answer", id, error: plainError(error) });
    }
  }

  async #do(call: ThreadCall): Promise<void> {
    if (call === "start") {
      this.#worker = this.#open();
      await this.#worker.start();
    } else await this.#worker?.[call]();
    this.#tellHealth();
  }

  #open(): Worker {
    const { index, of, flags, settleMaxMs } = this.#plan;
    const worker = this.#createWorker({
      env: process.env,
      flags,
      thread: { index, of },
      logger: this.#logger(),
      ...(settleMaxMs !== undefined && { settleMaxMs }),
    });
    for (const name of eventNames) this.#forward(worker, name);
    for (const name of errorNames) {
      worker.on(name, (event) => {
        const plain = { ...event, error: plainError(event.error) };
        // As below.
        this.#tell({ kind: "event", name, event: plain } as ThreadEvent);
      });
    }
    this.#pulse = setInterval(() => this.#tellHealth(), healthEveryMs).unref();
    return worker;
  }

  #forward(worker: Worker, name: (typeof eventNames)[number]): void {
    // The name and the event of one call belong together, which a union of events cannot say.
    worker.on(name, (event) => this.#tell({ kind: "event", name, event } as ThreadEvent));
  }

  #tell(event: ThreadEvent): void {
    this.#tellHealth();
    this.#report(event);
  }

  #tellHealth(): void {
    if (this.#worker !== undefined) this.#report({ kind: "health", health: this.#worker.health() });
  }

  #report(report: ThreadReport): void {
    this.#port.postMessage(report);
  }

  #logger(): Logger {
    const thread = this.#plan.index + 1;
    const at =
      (level: keyof Logger) =>
      (text: string, fields: LogFields = {}): void =>
        this.#report({ kind: "log", level, text, fields: { thread, ...fields } });
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }
}
