import { type ErrorPlace, StreamgenError } from "../../errors.ts";
import type { WorkerEvents, WorkerHealth, WorkerThread } from "../contract.ts";
import type { LogFields, Logger } from "../scope.ts";
import type { WebAnswer, WebRequest } from "../web/answer.ts";

/** What a thread is started with. */
export interface ThreadPlan extends WorkerThread {
  /** Tells it from what other threads of the program are started with. */
  readonly streamgen: "thread";
  readonly flags: Readonly<Record<string, string>>;
  readonly settleMaxMs?: number;
}

/** What the main thread asks of a thread's worker. */
export type ThreadCall = "start" | "ready" | "idle" | "commit" | "stop";

export type ThreadRequest =
  | { readonly id: number; readonly call: ThreadCall }
  | { readonly id: number; readonly call: "handle"; readonly request: WebRequest };

/** What a thread tells the main one. */
export type ThreadReport =
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly error?: PlainError;
      /** Of a call of `handle`. */
      readonly answer?: WebAnswer;
    }
  | { readonly kind: "health"; readonly health: WorkerHealth }
  | {
      readonly kind: "log";
      readonly level: keyof Logger;
      readonly text: string;
      readonly fields: LogFields;
    }
  | ThreadEvent;

/** An event of the thread's worker. */
export type ThreadEvent = {
  readonly [Name in keyof WorkerEvents]: {
    readonly kind: "event";
    readonly name: Name;
    readonly event: Plain<WorkerEvents[Name]>;
  };
}[keyof WorkerEvents];

/** Errors lose their code on the way between threads. */
type Plain<Event> = {
  readonly [Key in keyof Event]: Event[Key] extends StreamgenError ? PlainError : Event[Key];
};

export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Absent for an error that is not the runtime's own. */
  readonly code?: `SG${number}`;
  readonly place?: ErrorPlace;
  readonly cause?: PlainError;
}

const causesMax = 5;

export function plainError(error: unknown, depth = 0): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: undefined };
  const { name, message, stack } = error;
  const hasCause = error.cause !== undefined && depth < causesMax;
  return {
    name,
    message,
    stack,
    ...(error instanceof StreamgenError && { code: error.code, place: error.place }),
    ...(hasCause && { cause: plainError(error.cause, depth + 1) }),
  };
}

/** The error as it was, its stack included. */
export function errorOf(plain: PlainError): Error {
  const { name, message, stack, code, place } = plain;
  const cause = plain.cause === undefined ? undefined : errorOf(plain.cause);
  const error =
    code === undefined
      ? new Error(message, cause === undefined ? undefined : { cause })
      : new StreamgenError(code, message, place, cause);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
