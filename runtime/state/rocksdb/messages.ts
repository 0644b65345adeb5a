import type { MessagePort } from "node:worker_threads";
import type { ErrorPlace } from "../../errors.ts";
import type { Checkpoint } from "../store.ts";

/** What the store thread is started with. */
export interface ThreadPlan {
  readonly binding: "rocksdb-native" | "rocksdb";
  readonly folder: string;
  readonly memoryBytes: number;
  /** Where answers go that somebody waits for without the event loop. */
  readonly port: MessagePort;
  /** Counted up after each answer on `port`. */
  readonly signal: Int32Array;
}

/**
 * What the store thread is asked. `handle` is an open store's. Bytes are in buffers of their own, so
 * that nothing else travels with them; those of `getMany` and `write` are transferred.
 */
export type Request =
  | { readonly kind: "start" }
  | {
      readonly kind: "open";
      readonly app: string;
      readonly table: string;
      readonly partition: number;
      readonly changelog: string;
    }
  | {
      readonly kind: "wipe";
      readonly app: string;
      readonly table: string;
      readonly partition: number;
    }
  /** `keys ::= (length:u32le key)*`, as in `getMany`. */
  | { readonly kind: "get"; readonly handle: number; readonly keys: ArrayBuffer }
  | { readonly kind: "getMany"; readonly handle: number; readonly keys: ArrayBuffer }
  | {
      readonly kind: "page";
      readonly handle: number;
      readonly from: Uint8Array;
      readonly to: Uint8Array | undefined;
      readonly rowsMax: number;
    }
  /** `rows` and `byteLength` are a `WriteBatch`'s. */
  | {
      readonly kind: "write";
      readonly handle: number;
      readonly rows: ArrayBuffer;
      readonly byteLength: number;
      readonly count: number;
      readonly checkpoint: Checkpoint;
    }
  | {
      readonly kind: "discard";
      readonly handle: number;
      readonly from: Uint8Array;
      readonly to: Uint8Array;
    }
  | { readonly kind: "flush"; readonly handle: number }
  | { readonly kind: "clear"; readonly handle: number }
  | { readonly kind: "release"; readonly handle: number }
  | { readonly kind: "stop" };

export interface Opened {
  readonly handle: number;
  readonly checkpoint: Checkpoint | undefined;
}

/**
 * Answers by what was asked. Values and rows are packed as in a `WriteBatch`; those of keys are in
 * their order and have no key, and FFFFFFFF stands where there is no row.
 */
export interface Answers {
  readonly start: undefined;
  readonly open: Opened;
  readonly wipe: undefined;
  readonly get: ArrayBuffer;
  readonly getMany: ArrayBuffer;
  /** A page with fewer bytes than it might have is the last one only where `isLast`. */
  readonly page: { readonly rows: ArrayBuffer; readonly isLast: boolean };
  readonly write: undefined;
  readonly discard: undefined;
  readonly flush: undefined;
  readonly clear: undefined;
  readonly release: undefined;
  readonly stop: undefined;
}

export type Kind = Request["kind"];

export interface Call {
  readonly id: number;
  /** Whether the answer goes to `ThreadPlan.port`. */
  readonly isAwaited: boolean;
  readonly request: Request;
}

export interface Reply {
  readonly id: number;
  readonly answer?: Answers[Kind];
  readonly failure?: {
    readonly code: `SG${number}`;
    readonly message: string;
    readonly place: ErrorPlace;
  };
  /** What whoever runs the worker should know. */
  readonly warnings: readonly string[];
}
