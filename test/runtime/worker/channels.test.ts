/** Channels: what a function sends to one is handled within the work of its own record. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  type ChannelAgentSpec,
  type ChannelSpec,
  channel,
  type PipelineSpec,
  type TaskScope,
  type TickPolicy,
} from "@streamgen/runtime";
import { stringCodec } from "@streamgen/runtime/codec";
import { random } from "../../random.ts";
import { compacted, throughCrashes } from "./crashing.ts";
import { Bench, countTable, each, group, keyOf, out, spec, type TextAgent } from "./small.ts";

const steps: ChannelSpec<string> = { name: "steps", value: stringCodec };
const ends: ChannelSpec<string> = { name: "ends", value: stringCodec };

type Open = (task: TaskScope) => (value: string) => unknown;

const receiver = (
  name: string,
  open: Open,
  onError: TickPolicy = "stop",
): ChannelAgentSpec<string> => ({ name, onError, open });

/** Sends "x>y>z" to the channel as "x", "y" and "z". */
const split: TextAgent = each("split", (task) => {
  const sink = task.channel(steps);
  return (value) => {
    for (const part of value.split(">")) sink.send(part);
  };
});

const tell: Open = (task) => {
  const sink = task.sink(out);
  const counts = task.table(countTable);
  return (value) => {
    sink.send(`${value}=${counts.update(keyOf(value), (n) => n + 1)}`);
  };
};

function piped(agents: readonly TextAgent[], receivers: readonly ChannelAgentSpec<string>[]) {
  const channels = [channel({ channel: steps, agents: receivers })];
  return spec([group(agents, { channels })]);
}

async function run(pipeline: PipelineSpec, values: readonly string[]): Promise<Bench> {
  const bench = new Bench(pipeline);
  await bench.send(values);
  await bench.worker.start();
  await bench.clock.advance(2000);
  return bench;
}

const committed = (bench: Bench): number | undefined => bench.log.committed("small")[0]?.offset;

test("what is sent is handled in order, after the agents of the record and before the next one", async () => {
  const seen: string[] = [];
  const before = each("before", (task) => {
    const sink = task.channel(steps);
    return (value) => {
      sink.send(`${value}1`);
      seen.push(`before ${value}`);
      sink.send(`${value}2`);
    };
  });
  const after = each("after", () => (value) => void seen.push(`after ${value}`));
  const first = receiver("first", () => (value) => void seen.push(`first ${value}`));
  const second = receiver("second", () => async (value) => {
    await Promise.resolve();
    seen.push(`second ${value}`);
  });
  await run(piped([before, after], [first, second]), ["a", "b"]);
  const of = (value: string): readonly string[] => [
    ...[`before ${value}`, `after ${value}`],
    ...[`first ${value}1`, `second ${value}1`, `first ${value}2`, `second ${value}2`],
  ];
  assert.deepEqual(seen, [...of("a"), ...of("b")]);
});

test("a value that is changed after it was sent stays as it was", async () => {
  interface Job {
    name: string;
  }
  const jobs: ChannelSpec<Job> = {
    name: "jobs",
    value: {
      ...{ schema: stringCodec.schema, toJson: ({ name }) => name },
      write: (writer, { name }) => stringCodec.write(writer, name),
      read: (reader) => ({ name: stringCodec.read(reader) }),
      fromJson: (json) => ({ name: String(json) }),
    },
  };
  const seen: string[] = [];
  const sender = each("sender", (task) => {
    const sink = task.channel(jobs);
    return (name) => {
      const job = { name };
      sink.send(job);
      job.name = "changed";
    };
  });
  const reader = (name: string): ChannelAgentSpec<Job> => ({
    ...{ name, onError: "stop" },
    open: () => (job) => {
      seen.push(`${name} ${job.name}`);
      job.name = "changed";
    },
  });
  const channels = [channel({ channel: jobs, agents: [reader("one"), reader("two")] })];
  await run(spec([group([sender], { channels })]), ["a"]);
  assert.deepEqual(seen, ["one a", "two a"]);
});

test("where a receiver stops, nothing of the record is committed", async () => {
  const failing = receiver("failing", (task) => {
    const handle = tell(task);
    return (value) => {
      handle(value);
      if (value === "bad") throw new Error("no");
    };
  });
  const bench = await run(piped([split], [failing]), ["a", "b>c", "d>bad>e", "f"]);
  assert.deepEqual(bench.values("out"), ["a=1", "b=1", "c=1"]);
  assert.equal(committed(bench), 2);
  assert.deepEqual(
    [bench.errors[0]?.code, bench.errors[0]?.place["agent"], bench.errors[0]?.place["offset"]],
    ["SG8020", "failing", 2],
  );
});

test("where it skips, its own work is undone, and all else stays", async () => {
  const failing: Open = (task) => {
    const handle = tell(task);
    return (value) => {
      handle(value);
      if (value === "bad") throw new Error("no");
    };
  };
  const receivers = [receiver("failing", failing, "skip"), receiver("other", tell)];
  const bench = await run(piped([split], receivers), ["a>bad>b"]);
  assert.deepEqual(bench.values("out"), ["a=1", "a=2", "bad=1", "b=1", "b=2"]);
  assert.equal(bench.skipped.length, 1);
});

test("a sender that throws has sent nothing", async () => {
  const sender = each(
    "sender",
    (task) => {
      const sink = task.channel(steps);
      return (value) => {
        sink.send(value);
        if (value === "bad") throw new Error("no");
      };
    },
    "skip",
  );
  const bench = await run(piped([sender], [receiver("tell", tell)]), ["a", "bad", "b"]);
  assert.deepEqual(bench.values("out"), ["a=1", "b=1"]);
});

test("a receiver that is tried again leaves everything of the record as it was", async () => {
  let failures = 0;
  const flaky: Open = (task) => {
    const handle = tell(task);
    return (value) => {
      handle(value);
      if (value === "late" && failures++ < 2) throw new Error("not yet");
    };
  };
  const policy = { retries: 3, firstWaitMs: 1000, waitMaxMs: 1000, last: "stop" } as const;
  const bench = new Bench(piped([split], [receiver("flaky", flaky, policy)]));
  await bench.send(["a", "b>late>c", "d"]);
  await bench.worker.start();
  await bench.clock.advance(500);
  assert.deepEqual(bench.values("out"), ["a=1"], "what is before the record is committed");
  await bench.clock.advance(5000);
  assert.deepEqual(bench.values("out"), ["a=1", "b=1", "late=1", "c=1", "d=1"]);
  assert.equal(failures, 3);
  assert.equal(committed(bench), 3);
});

test("there is nothing to delete in a channel", async () => {
  const sender = each("sender", (task) => {
    const sink = task.channel(steps);
    return (value) => Reflect.apply(sink.delete, sink, [value]);
  });
  const bench = await run(piped([sender], [receiver("tell", tell)]), ["a"]);
  assert.equal(bench.errors[0]?.code, "SG8435");
});

test("channels may lead to each other, and to an end", async () => {
  const count = (task: TaskScope) => {
    const again = task.channel(steps);
    const last = task.channel(ends);
    return (value: string) => {
      const number = Number(value);
      if (number === 0) last.send("done");
      else again.send(String(number - 1));
    };
  };
  const channels = [
    channel({ channel: steps, agents: [receiver("count", count)] }),
    channel({ channel: ends, agents: [receiver("tell", tell)] }),
  ];
  const bench = await run(spec([group([split], { channels })]), ["5000", "3"]);
  assert.deepEqual(bench.values("out"), ["done=1", "done=2"]);
});

test("channels that feed each other without end are an error of their record", async () => {
  const forever = (task: TaskScope) => {
    const again = task.channel(steps);
    return (value: string) => again.send(value);
  };
  const bench = await run(piped([split], [receiver("forever", forever)]), ["a"]);
  assert.equal(bench.errors[0]?.code, "SG8434");
  assert.equal(bench.errors[0]?.place["offset"], 0);
  const large = each("large", (task) => {
    const sink = task.channel(steps);
    return () => {
      for (let index = 0; index < 20; index += 1) sink.send("x".repeat(1_000_000));
    };
  });
  const other = await run(piped([large], [receiver("nothing", () => () => undefined)]), ["a"]);
  assert.equal(other.errors[0]?.code, "SG8434");
});

test("lanes, streams, batches and timers send, too", async () => {
  const laned: TextAgent = {
    kind: "each",
    name: "laned",
    onError: "stop",
    lanes: 3,
    open(task) {
      const sink = task.channel(steps);
      return async (value) => {
        await Promise.resolve();
        sink.send(`lane-${value}`);
      };
    },
  };
  const streaming: TextAgent = {
    kind: "stream",
    name: "streaming",
    onError: "stop",
    open: (task) => async (stream) => {
      const sink = task.channel(steps);
      for await (const two of stream.take(2)) sink.send(`take-${two.join("")}`);
    },
  };
  const batch: TextAgent = {
    kind: "batch",
    name: "batch",
    onError: "stop",
    max: 9,
    withinMs: 100,
    open(task) {
      const sink = task.channel(steps);
      return (values) => sink.send(`batch-${values.join("")}`);
    },
  };
  const timers = [
    {
      ...{ name: "tick", everyMs: 500, onError: "stop" as const },
      open(task: TaskScope) {
        const sink = task.channel(steps);
        return () => sink.send("tick");
      },
    },
  ];
  const channels = [channel({ channel: steps, agents: [receiver("tell", tell)] })];
  const pipeline = spec([group([laned, streaming, batch], { channels, timers })]);
  const bench = new Bench(pipeline);
  await bench.send(["a", "b"]);
  await bench.worker.start();
  await bench.clock.advance(800);
  assert.deepEqual([...bench.values("out")].sort(), [
    ...["batch-ab=1", "lane-a=1", "lane-b=1", "take-ab=1", "tick=1"],
  ]);
});

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`each value is handled once, whatever crashes: ${delivery}`, async () => {
    const seed = Number(process.env["SEED"] ?? Date.now() % 100_000);
    const numbers = random(seed);
    const values = Array.from({ length: 300 }, (_, index) =>
      Array.from({ length: 1 + numbers.int(4) }, () => `k${numbers.int(5)}:${index}`).join(">"),
    );
    const slow = receiver("tell", (task) => {
      const handle = tell(task);
      return async (value) => {
        await Promise.resolve();
        handle(value);
      };
    });
    const { log, out: sent } = await throughCrashes({
      ...{ spec: piped([split], [slow]), values, delivery, crashes: 3, numbers },
    });
    const all = values.flatMap((value) => value.split(">"));
    const counts = new Map<string, number>();
    const expected = all.map((value) => {
      const next = (counts.get(keyOf(value)) ?? 0) + 1;
      counts.set(keyOf(value), next);
      return `${value}=${next}`;
    });
    const shown = delivery === "exactly-once" ? sent : [...new Set(sent)];
    assert.deepEqual(shown, expected, `seed ${seed}`);
    assert.equal(compacted(log, countTable.changelog).size, 5);
  });
}
