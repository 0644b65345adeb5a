import { inOrder } from "./in-order.ts";
import { type AskCall, type QuestionPort, QuestionSender } from "./question-sender.ts";
import type { AskSpec } from "./spec.ts";

export interface MapCall extends AskCall {
  /** How many questions wait for their answers at once. Default 100. */
  readonly atOnce?: number;
}

/** Asks one function. */
export interface ClientHandle<Q, A> {
  ask(question: Q, options?: AskCall): Promise<A>;
  cast(question: Q): void;
  map(questions: Iterable<Q> | AsyncIterable<Q>, options?: MapCall): AsyncIterable<A>;
}

/** `cast` sends a question as a sink would. */
export function makeClient<K, Q, A>(
  ask: AskSpec<K, Q, A>,
  port: QuestionPort<Q, A>,
  cast: (question: Q) => void,
): ClientHandle<Q, A> {
  const sender = new QuestionSender(ask, port);
  return { cast, ...asking(sender) };
}

/** The two ways of asking that want answers. */
export function asking<K, Q, A>(
  sender: QuestionSender<K, Q, A>,
): Pick<ClientHandle<Q, A>, "ask" | "map"> {
  return {
    ask: (question, call) => sender.ask(question, call),
    map: (questions, { atOnce, ...call } = {}) =>
      inOrder(questions, (question, stop) => sender.ask(question, call, stop), atOnce),
  };
}
