import type { StreamgenError } from "../errors.ts";
import type { Connection } from "../log/memory/connection.ts";
import type { Worker, WorkerOptions } from "../worker/contract.ts";
import type { ViewHandle } from "../worker/scope.ts";
import type { TableSpec } from "../worker/spec.ts";
import type { MortalClock } from "./mortal-clock.ts";

/** What generated code exports. */
export type CreateWorker = (options?: WorkerOptions) => Worker;

type Views = Parameters<NonNullable<WorkerOptions["opened"]>>[0];

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
  #views: Views | undefined;
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
      opened: (views) => {
        this.#views = views;
      },
    });
    this.worker.on("error", ({ error }) => {
      if (this.state !== "crashed") parts.failed(error);
    });
    this.worker.on("skipped", ({ error }) => parts.skipped(error));
  }

  view<K, V, Found>(table: TableSpec<K, V, Found>): ViewHandle<K, V, Found> | undefined {
    return this.#views?.view(table);
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
