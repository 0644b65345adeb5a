import type { Format } from "../../codec/format.ts";
import type { Json } from "../../codec/json.ts";
import type { Writer } from "../../codec/writer.ts";
import type { AgentBase } from "../agents/agent-spec.ts";
import type { TaskScope } from "../scope.ts";
import type { TopicDeclaration, TopicSpec } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";

/** A function that answers questions, for those who ask it. */
export interface AskSpec<K, Q, A> {
  readonly name: string;
  readonly questions: TopicSpec<K, Q>;
  /** `noAnswer` where it returns nothing. */
  readonly answer: Format<A>;
  /** The topic of all the app's answers. */
  readonly answers: TopicSpec<null, Uint8Array>;
}

/** How many questions are answered at once, and when answers go out. */
export interface AnsweringBounds {
  /** So many at once, each answered as soon as it can be; absent: one after the other. */
  readonly atOnce?: number;
  /** Of those at once no two have the same key. */
  readonly keepsKeysInOrder?: true;
  /** Answers go out with the commit. */
  readonly isCommitted?: true;
}

/** The function itself, in a worker. */
export interface AnsweringSpec<K, Q, A> extends AgentBase<K>, AnsweringBounds {
  readonly ask: AskSpec<K, Q, A>;
  open(task: TaskScope): (question: Q) => A | PromiseLike<A>;
}

/** The same with its answers' type closed over: `answering(spec)` makes it. */
export interface AnsweringAgent<K, Q> extends AgentBase<K>, AnsweringBounds {
  readonly kind: "ask";
  readonly answers: TopicDeclaration;
  answerer(task: TaskCore): Answerer<Q>;
}

export interface Answerer<Q> {
  /** Calls the function. Gives a promise only where that does. */
  call(question: Q): Answer | Promise<Answer>;
}

/** What a function has returned. */
export interface Answer {
  write(writer: Writer): void;
  toJson(): Json;
}

/** Closes over an answer's type. */
export function answering<K, Q, A>(spec: AnsweringSpec<K, Q, A>): AnsweringAgent<K, Q> {
  const { ask, open, ...rest } = spec;
  const { jsonForm } = ask.answer;
  return {
    ...rest,
    kind: "ask",
    answers: ask.answers,
    answerer(task) {
      const format = task.core.formats.answering(ask);
      const handle = open(task);
      const made = (value: A): Answer => ({
        write: (writer) => format.write(writer, value),
        toJson: () => jsonForm.toJson(value),
      });
      return {
        call(question) {
          const result = handle(question);
          return isPromise(result) ? Promise.resolve(result).then(made) : made(result);
        },
      };
    },
  };
}

function isPromise<T>(result: T | PromiseLike<T>): result is PromiseLike<T> {
  return (
    typeof result === "object" &&
    result !== null &&
    "then" in result &&
    typeof result.then === "function"
  );
}

/** The answer of a function that returns nothing. */
export const noAnswer: Format<void> = {
  kind: "raw",
  jsonForm: { toJson: () => null, fromJson: () => undefined },
  bind: async () => ({ write: () => undefined, read: () => undefined }),
};
