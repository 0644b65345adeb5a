import type { SchemaRegistry } from "../codec/registry.ts";
import type { LogAdmin } from "../log/admin.ts";
import type { Log } from "../log/log.ts";
import type { Worker, WorkerOptions } from "../worker/contract.ts";
import type { Settings } from "../worker/settings/settings.ts";
import type { Progress } from "./progress.ts";
import type { StopSignal } from "./stop-signal.ts";

/** Generated code's own function. */
export type CreateWorker = (options: WorkerOptions) => Worker;

/** What a command takes from its surroundings. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Gets the text of what goes on. */
  note(text: string): void;
  /** Gets what programs read; resolves with false where nobody reads any more. */
  print(text: string): Promise<boolean>;
  /** Whether what is printed goes to a terminal. */
  readonly printsToTerminal: boolean;
  /** Whether what is noted goes to a terminal. */
  readonly notesToTerminal: boolean;
  readonly progress: Progress;
  readonly stop: StopSignal;
  /** Reaches the cluster that the settings name; throws where they name none, or it does not answer. */
  readonly connect: (settings: Settings) => Promise<Cluster>;
  /** What a worker on the cluster is given beside its settings: nothing, but in tests. */
  readonly workerOptions: WorkerOptions;
  /** The app's own folder of tables on this machine; `undefined` where there is none. */
  readonly stateFolder: (settings: Settings) => string | undefined;
  /** Deletes that folder. */
  readonly removeState: (folder: string) => Promise<void>;
  /** Asks a question that a yes or no answers; `undefined` where there is nobody to ask. */
  readonly ask: (question: string) => Promise<boolean | undefined>;
}

/** A log and what is beside it. */
export interface Cluster {
  readonly log: Log;
  /** Absent where the settings name none. */
  readonly registry: SchemaRegistry | undefined;
  /** Opens the tool's view of the log; whoever opens it closes it. */
  admin(): Promise<LogAdmin>;
  close(): Promise<void>;
}
