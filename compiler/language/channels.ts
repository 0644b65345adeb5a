import type { TopicInWorker } from "./topics.ts";

declare const channel: unique symbol;

/**
 * A topic that lives in the worker: `type Jobs = Channel<"jobs", Job>`. What a function sends there,
 * through a `Sink<Jobs>`, is handled by the functions of `Each<Jobs>` in the same task, in order, and
 * before the sender's record is done with: it is part of that record's work, committed and undone with it.
 */
export interface Channel<N extends string, V> extends TopicInWorker<N, V> {
  readonly [channel]: V;
}
