/** Each way of getting records, with each `onError`, wherever the record fails: the table of error-handling.md. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  type ErrorPolicy,
  type LastStep,
  type SinkHandle,
  source,
  type TaskScope,
} from "@streamgen/runtime";
import { bytesFormat, nullKey } from "@streamgen/runtime/codec";
import { Bench, group, out, spec, type TextAgent, type TextTopic, words } from "./small.ts";

const dead = { name: "dead", partitions: 1, key: nullKey, value: bytesFormat };

/** Where "bad" fails. */
type Phase = "decode" | "process" | "produce" | "refused";
const phases: readonly Phase[] = ["decode", "process", "produce", "refused"];

/** Cannot be read where its time is none. */
const timed: TextTopic = {
  ...words,
  timeOf: (value) => (value === "bad" ? Number.NaN : 1000),
};

/** What a function does with a value. */
function handle(phase: Phase, sink: SinkHandle<string, string>, value: string): void {
  const isBad = value === "bad";
  sink.send(isBad && (phase === "produce" || phase === "refused") ? "x".repeat(400) : value);
  if (isBad && phase === "process") throw new Error("bad");
}

type Make = (phase: Phase, onError: ErrorPolicy) => TextAgent;

const name = "agent";

const sinkOf = (task: TaskScope): SinkHandle<string, string> => task.sink(out);

const triggers: Readonly<Record<string, Make>> = {
  each: (phase, onError) => ({
    kind: "each",
    name,
    onError,
    open(task) {
      const sink = sinkOf(task);
      return (value) => handle(phase, sink, value);
    },
  }),
  "async each": (phase, onError) => ({
    kind: "each",
    name,
    onError,
    open(task) {
      const sink = sinkOf(task);
      return async (value) => {
        await Promise.resolve();
        handle(phase, sink, value);
      };
    },
  }),
  lanes: (phase, onError) => ({
    kind: "each",
    name,
    onError,
    lanes: 3,
    open(task) {
      const sink = sinkOf(task);
      return async (value) => {
        await Promise.resolve();
        handle(phase, sink, value);
      };
    },
  }),
  event: (phase, onError) => ({
    kind: "event",
    name,
    onError,
    open(task) {
      const sink = sinkOf(task);
      return (event) => handle(phase, sink, event.value);
    },
  }),
  manual: (phase, onError) => ({
    kind: "manual",
    name,
    onError,
    open(task) {
      const sink = sinkOf(task);
      return (event) => {
        event.ack();
        handle(phase, sink, event.value);
      };
    },
  }),
  stream: (phase, onError) => ({
    kind: "stream",
    name,
    onError,
    open: (task) => async (stream) => {
      const sink = sinkOf(task);
      for await (const value of stream) handle(phase, sink, value);
    },
  }),
  "manual stream": (phase, onError) => ({
    kind: "manual-stream",
    name,
    onError,
    open: (task) => async (stream) => {
      const sink = sinkOf(task);
      for await (const event of stream.events()) {
        event.ack();
        handle(phase, sink, event.value);
      }
    },
  }),
  batch: (phase, onError) => ({
    kind: "batch",
    name,
    onError,
    max: 1,
    withinMs: 1000,
    open(task) {
      const sink = sinkOf(task);
      return (values) => {
        for (const value of values) handle(phase, sink, value);
      };
    },
  }),
  "batch of events": (phase, onError) => ({
    kind: "events",
    name,
    onError,
    max: 1,
    withinMs: 1000,
    open(task) {
      const sink = sinkOf(task);
      return (events) => {
        for (const { value } of events) handle(phase, sink, value);
      };
    },
  }),
};

const lasts: Readonly<Record<string, LastStep>> = {
  stop: "stop",
  skip: "skip",
  "dead letter": { deadLetter: dead },
};
const retries = 2;

/** What the log refuses is only known when it is asked, and is not sent again by calling again. */
const isRetried = (phase: Phase): boolean => phase === "process" || phase === "produce";

const codes: Readonly<Record<Phase, string>> = {
  decode: "SG8021",
  process: "SG8020",
  produce: "SG8012",
  refused: "SG8046",
};

async function run(phase: Phase, agent: TextAgent): Promise<Bench> {
  const narrow = { "max.message.bytes": "300" };
  const target = phase === "produce" ? { ...out, config: narrow } : out;
  const sources = [source({ topic: phase === "decode" ? timed : words, agents: [agent] })];
  const bench = new Bench(spec([group([], { sources })], { topics: [words, target, dead] }));
  await bench.create("words");
  await bench.worker.start();
  if (phase === "refused") bench.log.alterTopic("out", { config: narrow });
  // It waits for records by now: how they are fetched does not depend on how long a start takes.
  await bench.worker.idle();
  await bench.send(["a", "b", "bad", "c"]);
  await bench.clock.advance(20_000);
  return bench;
}

for (const [trigger, make] of Object.entries(triggers)) {
  for (const phase of phases) {
    for (const [step, last] of Object.entries(lasts)) {
      for (const hasRetry of [false, true]) {
        const policy = hasRetry ? `Retry, then ${step}` : step;
        test(`${trigger}, ${phase}: ${policy}`, async () => {
          const onError = hasRetry ? { retries, firstWaitMs: 10, waitMaxMs: 10, last } : last;
          const bench = await run(phase, make(phase, onError));
          const committed = bench.log.committed("small")[0]?.offset;
          const isStopped = last === "stop";
          // What lanes have overtaken a record with is not committed where that one stops the task.
          const isAbandoned = trigger === "lanes" && isStopped && isRetried(phase);
          const done = isAbandoned ? [] : isStopped ? ["a", "b"] : ["a", "b", "c"];
          assert.deepEqual([...bench.values("out")].sort(), done);
          assert.equal(committed ?? 0, isAbandoned ? 0 : isStopped ? 2 : 4);
          assert.equal(bench.waits.length, hasRetry && isRetried(phase) ? retries : 0);
          const told = { stop: bench.errors, skip: bench.skipped, "dead letter": bench.putAside };
          const errors = told[step === "stop" || step === "skip" ? step : "dead letter"];
          assert.deepEqual(
            errors.map(({ code, place }) => [code, place["offset"]]),
            [[codes[phase], 2]],
          );
          assert.deepEqual(bench.values("dead"), step === "dead letter" ? ["bad"] : []);
          if (!isStopped) await bench.worker.stop();
        });
      }
    }
  }
}
