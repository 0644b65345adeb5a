import assert from "node:assert/strict";
import test from "node:test";
import { type Event, makeEvent, type Stream } from "../../../runtime/stream/event.ts";
import { StreamRun } from "../../../runtime/stream/run.ts";

type Body = (stream: Stream<string, number>) => Promise<void>;

function event(value: number): Event<string, number> {
  const refuse = (): never => {
    throw new Error("not here");
  };
  return makeEvent<string, number, string, never>(
    {
      topic: "numbers",
      key: `key-${value}`,
      value,
      timestamp: 0,
      headers: new Map(),
      partition: 0,
      offset: value,
    },
    { reject: refuse, forward: refuse },
  );
}

const run = (body: Body): StreamRun<string, number, string> => new StreamRun(body);

/** Whether a promise is settled once everything that can go on has done so. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  let done = false;
  const note = (): void => {
    done = true;
  };
  work.then(note, note);
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

test("asking for the next record acknowledges the one before", async () => {
  const seen: number[] = [];
  let goOn = (): void => undefined;
  const it = run(async (stream) => {
    for await (const value of stream) {
      seen.push(value);
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
    }
  });
  const first = it.deliver(event(1));
  assert.equal(await isDone(first), false);
  goOn();
  assert.equal(await isDone(first), true);
  const second = it.deliver(event(2));
  assert.equal(await isDone(second), false);
  assert.deepEqual(seen, [1, 2]);
  goOn();
  await second;
});

test("the body starts with the first record", async () => {
  let started = false;
  const it = run(async (stream) => {
    started = true;
    for await (const _ of stream);
  });
  assert.equal(await isDone(Promise.resolve()), true);
  assert.equal(started, false);
  await it.deliver(event(1));
  assert.equal(started, true);
});

test("a throw is about the record asked for last", async () => {
  const it = run(async (stream) => {
    for await (const value of stream) if (value === 2) throw new Error("two");
  });
  await it.deliver(event(1));
  await assert.rejects(it.deliver(event(2)), /two/);
  assert.equal(it.isOver, true);
});

test("break and return acknowledge and end the run", async () => {
  const it = run(async (stream) => {
    for await (const value of stream) if (value === 2) break;
  });
  await it.deliver(event(1));
  assert.equal(it.isOver, false);
  await it.deliver(event(2));
  assert.equal(it.isOver, true);
});

test("a second loop goes on where the first one broke off", async () => {
  const seen: string[] = [];
  const it = run(async (stream) => {
    for await (const value of stream) {
      seen.push(`first ${value}`);
      break;
    }
    for await (const value of stream) seen.push(`second ${value}`);
  });
  await it.deliver(event(1));
  await it.deliver(event(2));
  await it.deliver(event(3));
  assert.deepEqual(seen, ["first 1", "second 2", "second 3"]);
});

test("ending a run lets finally run, and loops end as if there were no more", async () => {
  const seen: string[] = [];
  const it = run(async (stream) => {
    try {
      for await (const value of stream) seen.push(String(value));
      seen.push("after");
    } finally {
      seen.push("finally");
    }
  });
  await it.deliver(event(1));
  assert.equal(await it.end(), undefined);
  assert.deepEqual(seen, ["1", "after", "finally"]);
});

test("what a run throws when it is ended is told, not thrown", async () => {
  const it = run(async (stream) => {
    for await (const _ of stream);
    throw new Error("late");
  });
  await it.deliver(event(1));
  assert.equal(await it.end(), "Error: late");
});

test("events show key and place, items the key", async () => {
  const seen: unknown[] = [];
  const events = run(async (stream) => {
    for await (const { key, offset } of stream.events()) seen.push([key, offset]);
  });
  await events.deliver(event(7));
  const items = run(async (stream) => {
    for await (const item of stream.items()) seen.push(item);
  });
  await items.deliver(event(8));
  assert.deepEqual(seen, [
    ["key-7", 7n],
    ["key-8", 8],
  ]);
});

test("what filter leaves out is acknowledged with the next request", async () => {
  const seen: unknown[] = [];
  const it = run(async (stream) => {
    const odd = stream.filter((value) => value % 2 === 1).map((value) => value * 10);
    for await (const pair of odd.peek((value) => seen.push(value)).enumerate(5)) seen.push(pair);
  });
  for (const value of [1, 2, 3]) await it.deliver(event(value));
  assert.deepEqual(seen, [10, [5, 10], 30, [6, 30]]);
});

test("operators may be asynchronous", async () => {
  const seen: number[] = [];
  const it = run(async (stream) => {
    const flow = stream.filter(async (value) => value > 1).map(async (value) => value + 0.5);
    for await (const value of flow) seen.push(value);
  });
  for (const value of [1, 2]) await it.deliver(event(value));
  assert.deepEqual(seen, [2.5]);
});

test("a body that asks twice at once is given both, one after the other", async () => {
  const seen: number[] = [];
  const it = run(async (stream) => {
    const iterator = stream[Symbol.asyncIterator]();
    const both = await Promise.all([iterator.next(), iterator.next()]);
    for (const { value } of both) seen.push(value);
    await iterator.next();
  });
  await it.deliver(event(1));
  await it.deliver(event(2));
  assert.deepEqual(seen, [1, 2]);
});
