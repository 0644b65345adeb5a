import assert from "node:assert/strict";
import test from "node:test";
import { manualClock, type Timer } from "../../../runtime/clock.ts";
import { type Event, makeEvent, type Stream } from "../../../runtime/stream/event.ts";
import { type RunTiming, StreamRun } from "../../../runtime/stream/run.ts";

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
    { reject: refuse, nack: refuse, forward: refuse },
  );
}

/** Time that a test lets pass; alarms ring at once when theirs has come. */
class Time implements RunTiming {
  readonly clock = manualClock();
  readonly turns: Promise<void>[] = [];
  now = (): number => this.clock.now();

  async rest(ms: number): Promise<boolean> {
    await this.clock.sleep(ms);
    return true;
  }

  later(ms: number, turn: () => Promise<void>): Timer {
    return this.clock.timer(ms, () => this.turns.push(turn()));
  }
}

const run = (body: Body, time = new Time()): StreamRun<string, number, string> =>
  new StreamRun(body, time);

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

test("flatMap acknowledges a value after the last of what it became", async () => {
  const seen: number[] = [];
  const it = run(async (stream) => {
    for await (const value of stream.flatMap((n) => Array.from({ length: n }, (_, at) => at))) {
      seen.push(value);
      if (value === 1) await new Promise((resolve) => setImmediate(resolve));
    }
  });
  for (const value of [2, 0, 3]) await it.deliver(event(value));
  assert.deepEqual(seen, [0, 1, 0, 1, 2]);
});

test("flatMap takes asynchronous sequences", async () => {
  const seen: number[] = [];
  const it = run(async (stream) => {
    const twice = async function* (n: number): AsyncGenerator<number> {
      yield n;
      yield n + 0.5;
    };
    for await (const value of stream.flatMap(twice)) seen.push(value);
  });
  await it.deliver(event(1));
  await it.deliver(event(2));
  assert.deepEqual(seen, [1, 1.5, 2, 2.5]);
});

test("take holds values until there are enough, and all are acknowledged together", async () => {
  const seen: (readonly number[])[] = [];
  const holding: boolean[] = [];
  const it = run(async (stream) => {
    for await (const values of stream.filter((value) => value !== 2).take(2)) seen.push(values);
  });
  for (const value of [1, 2, 3, 4, 5, 6]) {
    await it.deliver(event(value));
    holding.push(it.isHolding);
  }
  assert.deepEqual(seen, [
    [1, 3],
    [4, 5],
  ]);
  assert.deepEqual(holding, [true, true, false, true, false, true]);
});

test("take hands over what there is when the time since the first value is up", async () => {
  const seen: (readonly number[])[] = [];
  const time = new Time();
  const it = run(async (stream) => {
    for await (const values of stream.take(3, "1s")) seen.push(values);
  }, time);
  await time.clock.advance(5000);
  await it.deliver(event(1));
  await time.clock.advance(900);
  await it.deliver(event(2));
  await time.clock.advance(99);
  assert.deepEqual(seen, []);
  await time.clock.advance(1);
  await Promise.all(time.turns);
  assert.deepEqual(seen, [[1, 2]]);
  assert.equal(it.isHolding, false);
  for (const value of [3, 4, 5]) await it.deliver(event(value));
  await time.clock.advance(5000);
  assert.deepEqual(seen, [
    [1, 2],
    [3, 4, 5],
  ]);
  assert.equal(time.turns.length, 1, "an array that is full needs no alarm");
});

test("arrays of arrays are acknowledged when the outer one is done with", async () => {
  const seen: unknown[] = [];
  const time = new Time();
  const it = run(async (stream) => {
    for await (const values of stream.take(2, "1s").take(2)) seen.push(values);
  }, time);
  const holding: boolean[] = [];
  const note = (): number => holding.push(it.isHolding);
  await it.deliver(event(1));
  await time.clock.advance(1000);
  await Promise.all(time.turns);
  note();
  for (const value of [2, 3]) {
    await it.deliver(event(value));
    note();
  }
  assert.deepEqual(seen, [[[1], [2, 3]]]);
  assert.deepEqual(holding, [true, true, false]);
});

test("a loop that breaks off out of take leaves the next value to the loop after it", async () => {
  const seen: unknown[] = [];
  const time = new Time();
  const it = run(async (stream) => {
    for await (const values of stream.filter(() => true).take(2, "1s")) {
      seen.push(values);
      break;
    }
    for await (const value of stream) seen.push(value);
  }, time);
  await it.deliver(event(1));
  await time.clock.advance(1000);
  await Promise.all(time.turns);
  await it.deliver(event(2));
  assert.deepEqual(seen, [[1], 2]);
});

test("a flow that ends while take gathers ends without what is there", async () => {
  const seen: unknown[] = [];
  const it = run(async (stream) => {
    for await (const values of stream.take(2)) seen.push(values);
    seen.push("end");
  });
  await it.deliver(event(1));
  assert.equal(await it.end(), undefined);
  assert.deepEqual(seen, ["end"]);
});

test("rateLimit lets so many through at once, and the others evenly", async () => {
  const time = new Time();
  const seen: [number, number][] = [];
  const it = run(async (stream) => {
    for await (const value of stream.rateLimit(2, "1s")) seen.push([value, time.now()]);
  }, time);
  const all = (async () => {
    for (const value of [1, 2, 3, 4]) await it.deliver(event(value));
  })();
  await time.clock.advance(3000);
  await all;
  await it.deliver(event(5));
  assert.deepEqual(seen, [
    [1, 0],
    [2, 0],
    [3, 500],
    [4, 1000],
    [5, 3000],
  ]);
});

for (const [what, wrong] of [
  ["take(0)", (stream: Stream<string, number>) => stream.take(0)],
  ["take(1.5)", (stream: Stream<string, number>) => stream.take(1.5)],
  ["take(2, 0s)", (stream: Stream<string, number>) => stream.take(2, "0s")],
  ["rateLimit(-1)", (stream: Stream<string, number>) => stream.rateLimit(-1)],
] as const) {
  test(`${what} is refused`, async () => {
    const it = run(async (stream) => {
      wrong(stream);
    });
    await assert.rejects(it.deliver(event(1)), { code: "SG8401" });
  });
}
