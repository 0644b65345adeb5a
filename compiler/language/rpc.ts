import type { OnError } from "./errors.ts";
import type { Exact, KeyBy, Span } from "./options.ts";

export interface AskOptions<Q = unknown> {
  /**
   * The field, or `typeof fn`, that says which task answers: questions with one key go to one partition.
   * Needed where the function uses a table.
   */
  keyBy?: KeyBy<Q>;
  /** How questions and answers are written: as Avro (the default), or as JSON. */
  format?: "avro" | "json";
  /**
   * When the answer is sent. "now", the default: as soon as the function is done, before its writes are
   * committed. "committed": together with them; then nothing that runs in a task may ask it.
   */
  reply?: "now" | "committed";
  /**
   * How many questions of a partition an async function answers at once. Default: one after the other
   * where it uses a table, otherwise 256.
   */
  concurrency?: number;
  /**
   * What happens to a question whose answer throws, beside that whoever asked is told: `"skip"` (the
   * default), `"stop"`, `DeadLetter<T>`, or `[Retry<3, "100ms..10s">, one of these]`.
   */
  onError?: OnError<Q>;
}

/**
 * Runs for each question that a `Client` of the function asks; the parameter is the question, and what
 * the function returns is the answer. What it throws is thrown where it was asked.
 */
export type Ask<Q, _O extends AskOptions<Q> & Exact<_O, AskOptions<Q>> = object> = Q;

export interface AskCall {
  /** Instead of the configuration's `askTimeoutMs`. */
  readonly timeout?: Span;
  /** Gives up waiting; the function may be called all the same. */
  readonly signal?: AbortSignal;
}

export interface MapCall extends AskCall {
  /** How many questions wait for their answers at once. Default 100. */
  readonly atOnce?: number;
}

// The parameters are in the contravariant place, so `never` accepts every function.
type Answering = (question: never, ...resources: never[]) => unknown;
type Question<F> = F extends (question: infer Q, ...resources: never[]) => unknown ? Q : never;
type Answer<F> = F extends (question: never, ...resources: never[]) => infer A ? Awaited<A> : never;

/**
 * Asks a function of `Ask`, wherever it runs. An interface, not an alias: its members are worked out late,
 * so that functions may ask each other and themselves.
 */
export interface Client<F extends Answering> {
  /**
   * The question is encoded before `ask` returns, and sent at once. Rejects with what the function threw
   * (its name and message), or where no answer comes in time.
   */
  ask(question: Question<F>, options?: AskCall): Promise<Answer<F>>;
  /** Sends the question as a `Sink` would, and wants no answer. */
  cast(question: Question<F>): void;
  /** The answers in the order of the questions. Ends with the first that fails. */
  map(
    questions: Iterable<Question<F>> | AsyncIterable<Question<F>>,
    options?: MapCall,
  ): AsyncIterable<Answer<F>>;
}
