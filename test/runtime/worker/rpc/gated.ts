/** A pipeline of one function that answers when the test lets it, and one that asks it for each record. */
import {
  type AnsweringSpec,
  type AskSpec,
  answering,
  type PipelineSpec,
  pipeline,
  source,
  type TopicSpec,
  type WorkerConfig,
} from "@streamgen/runtime";
import { bytesFormat, nullKey, stringFormat, stringKey } from "@streamgen/runtime/codec";
import type { CreateWorker } from "@streamgen/runtime/testing";

export const words: TopicSpec<string, string> = {
  name: "words",
  partitions: 2,
  key: stringKey,
  value: stringFormat,
  keyOf: (value) => value,
};
export const out: TopicSpec<string, string> = { ...words, name: "out" };
export const said: TopicSpec<string, string> = { ...words, name: "said" };

const questions: TopicSpec<null, string> = {
  name: "gated-echo-ask",
  key: nullKey,
  value: stringFormat,
  partitions: 1,
  internal: "questions",
};

export const echoAsk: AskSpec<null, string, string> = {
  name: "echo",
  questions,
  answer: stringFormat,
  answers: {
    name: "gated-answers",
    key: nullKey,
    value: bytesFormat,
    partitions: 1,
    internal: "answers",
  },
};

/** Questions that wait for the test, and how often each was asked. */
export class Gate {
  readonly asked: string[] = [];
  readonly #open = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  isOpen = false;

  async pass(question: string): Promise<string> {
    this.asked.push(question);
    if (this.isOpen || this.#open.has(question)) return `${question}!`;
    await new Promise<void>((resolve) => {
      this.#waiting.set(question, [...(this.#waiting.get(question) ?? []), resolve]);
    });
    return `${question}!`;
  }

  /** Lets a question be answered, whoever has it, now and later. */
  let(question: string): void {
    this.#open.add(question);
    for (const resolve of this.#waiting.get(question) ?? []) resolve();
  }

  letAll(): void {
    this.isOpen = true;
    for (const waiting of this.#waiting.values()) for (const resolve of waiting) resolve();
  }
}

interface Gated {
  readonly gate: Gate;
  readonly options?: Partial<AnsweringSpec<null, string, string>>;
  readonly config?: Partial<WorkerConfig>;
}

/** Every question is told of in "said"; every word becomes what "echo" answers, in "out". */
export function gatedSpec({ config, gate, options = {} }: Gated): PipelineSpec {
  const echo: AnsweringSpec<null, string, string> = {
    name: "echo",
    ask: echoAsk,
    onError: "skip",
    atOnce: 4,
    open(task) {
      const sink = task.sink(said);
      return async (question) => {
        sink.send(question);
        return await gate.pass(question);
      };
    },
    ...options,
  };
  return {
    config: {
      ...{ app: "gated", delivery: "exactly-once", commitIntervalMs: 100, askTimeoutMs: 30_000 },
      ...{ partitions: 1, replicas: 1, topics: {} },
      ...config,
    },
    topics: [words, out, said, questions, echoAsk.answers],
    groups: [
      {
        name: "words",
        sources: [
          source<string, string, "words", never>({
            topic: words,
            agents: [
              {
                kind: "each",
                name: "ask",
                onError: "stop",
                open(task) {
                  const asked = task.client(echoAsk);
                  const sink = task.sink(out);
                  return async (word) => sink.send(await asked.ask(word));
                },
              },
            ],
          }),
        ],
        ...{ tables: [], timers: [] },
      },
      {
        name: "echo",
        sources: [source({ topic: questions, agents: [answering(echo)] })],
        ...{ tables: [], timers: [] },
      },
    ],
    ...{ timers: [], starts: [] },
  };
}

export const gatedWorker =
  (gated: Gated): CreateWorker =>
  (options = {}) =>
    pipeline(1, gatedSpec(gated), options);
