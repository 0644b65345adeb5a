import type { StreamgenError } from "../errors.ts";
import type { Connection } from "../log/memory/connection.ts";
import type { OpenTables, Worker, WorkerOptions } from "../worker/contract.ts";
import type { MortalClock } from "./mortal-clock.ts";

/** What generated code exports. */
export type CreateWorker = (options?: WorkerOptions) => Worker;

export interface MemberParts {
  readonly name: string;
  readonly connection: Connection;
  readonly clock: MortalClock;
  readonly options: WorkerOptions;
  /** Called at each error that the worker tells of. */
  readonly failed: (error: StreamgenError) => void;
  readonly skipped: (error: StreamgenError) => void;
}

/** One worker of a driver: a process of its own, as far as the log can tell. */
export class Member {
  readonly name: string;
  readonly connection: Connection;
  readonly worker: Worker;
  readonly #clock: MortalClock;
  /** Absent until it has started. */
  tables: OpenTables | undefined;
  state: "up" | "crashed" | "stopped" = "up";

  constructor(createWorker: CreateWorker, parts: MemberParts) {
    const { name, connection, clock, options } = parts;
    this.name = name;
    this.connection = connection;
    this.#clock = clock;
    this.worker = createWorker({
      ...options,
      log: connection,
      clock,
      instance: name,
      opened: (tables) => {
        this.tables = tables;
      },
    });
    this.worker.on("error", ({ error }) => {
      if (this.state !== "crashed") parts.failed(error);
    });
    this.worker.on("skipped", ({ error }) => parts.skipped(error));
  }

  /** Nothing of it reaches the log any more, and no timer of it goes off. */
  crash(): void {
    this.connection.crash();
    this.#clock.isAlive = false;
    this.state = "crashed";
  }

  stop(): Promise<void> {
    // What a process leaves behind when it is killed, this one has to dispose of itself.
    this.#clock.isAlive = true;
    if (this.state === "up") this.state = "stopped";
    return this.worker.stop();
  }

  /** What it has come to. */
  get mark(): string {
    const { tasks, commits, aborts, state } = this.worker.health();
    return JSON.stringify({ tasks, commits, aborts, state });
  }
}
