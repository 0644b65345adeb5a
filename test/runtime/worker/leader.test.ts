/** Timers of the whole app: one worker ticks, and the next one takes over. */
import assert from "node:assert/strict";
import test from "node:test";
import type { PipelineSpec, TimerSpec, Worker, WorkerScope } from "@streamgen/runtime";
import type { Connection } from "../../../runtime/log/memory/connection.ts";
import { random } from "../../random.ts";
import { Bench, each, group, spec, words } from "./small.ts";

const everyMs = 1000;

interface TickSeen {
  readonly worker: string;
  readonly at: number;
  readonly generation: number;
}

interface Member {
  readonly name: string;
  readonly connection: Connection;
  readonly worker: Worker;
}

/** Workers of one app on one log, and the ticks of its one timer. */
class App {
  readonly ticks: TickSeen[] = [];
  readonly bench: Bench;
  readonly #partitions: number;
  readonly #tick: ((worker: string) => unknown) | undefined;

  constructor(partitions = 2, tick?: (worker: string) => unknown) {
    this.#partitions = partitions;
    this.#tick = tick;
    this.bench = new Bench(spec([]));
  }

  async start(name: string): Promise<Member> {
    const connection = this.bench.log.connect(name);
    const worker = this.bench.make(this.#spec(name), { log: connection });
    const starting = worker.start();
    await this.bench.clock.advance(100);
    await starting;
    return { name, connection, worker };
  }

  #spec(name: string): PipelineSpec {
    const timer: TimerSpec<WorkerScope> = {
      name: "beat",
      everyMs,
      onError: "stop",
      open: () => async (tick) => {
        this.ticks.push({ worker: name, at: tick.at, generation: this.generationOf(name) });
        await this.#tick?.(name);
      },
    };
    const topic = { ...words, partitions: this.#partitions };
    const note = each("note", () => () => undefined);
    return spec([group([note], { tables: [] })], { topics: [topic], leaderTimers: [timer] });
  }

  generationOf(client: string): number {
    const members = this.bench.log.members("small");
    return members.find((member) => member.client === client)?.generation ?? -1;
  }

  async pass(seconds: number): Promise<void> {
    await this.bench.clock.advance(seconds * everyMs);
  }
}

const workersOf = (ticks: readonly TickSeen[]): readonly string[] => [
  ...new Set(ticks.map(({ worker }) => worker)),
];

test("of two workers one ticks; when it is killed the other goes on with the same beat", async () => {
  const app = new App();
  await app.bench.create("words", { partitions: 2 });
  const one = await app.start("one");
  await app.start("two");
  await app.pass(5);
  const [leader, ...others] = workersOf(app.ticks);
  assert.deepEqual(others, []);
  assert.equal(leader, "one");
  const before = app.ticks.length;
  one.connection.crash();
  await app.pass(60);
  const after = app.ticks.slice(before);
  assert.deepEqual(workersOf(after), ["two"]);
  const times = app.ticks.map(({ at }) => at);
  assert.ok(times.every((at) => at % everyMs === 0));
  assert.deepEqual(times, [...new Set(times)]);
});

test("a leader that stops hands over at once", async () => {
  const app = new App();
  await app.bench.create("words", { partitions: 2 });
  const one = await app.start("one");
  await app.start("two");
  await app.pass(3);
  const stopping = one.worker.stop();
  await app.pass(1);
  await stopping;
  const before = app.ticks.length;
  await app.pass(3);
  assert.equal(app.ticks.length, before + 3);
  assert.deepEqual(workersOf(app.ticks.slice(before)), ["two"]);
});

test("who was expelled and does not know it does not tick", async () => {
  const app = new App(1);
  await app.bench.create("words", { partitions: 1 });
  await app.start("one");
  const { faults } = app.bench.log;
  await app.pass(2);
  assert.equal(app.ticks.length, 2);
  // Its polls are not answered any more, so that nobody tells it; its timers go on.
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  faults.decide = ({ kind, client }) =>
    kind === "poll" && client === "one" ? { kind: "hold", until } : undefined;
  await app.start("two");
  await app.pass(120);
  const byOne = app.ticks.filter(({ worker }) => worker === "one");
  const byTwo = app.ticks.filter(({ worker }) => worker === "two");
  assert.ok(byTwo.length > 0);
  const first = byTwo[0]?.at ?? 0;
  assert.deepEqual(
    byOne.filter(({ at }) => at >= first),
    [],
  );
  release();
  await app.pass(5);
});

test("revoking waits for a tick that runs", async () => {
  let finish = (): void => undefined;
  let isBusy = false;
  const app = new App(1, async (worker) => {
    assert.equal(isBusy, false, "two ticks at once");
    if (worker !== "one" || app.ticks.length > 1) return;
    isBusy = true;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    isBusy = false;
  });
  await app.bench.create("words", { partitions: 1 });
  const one = await app.start("one");
  await app.start("two");
  await app.pass(1);
  assert.equal(isBusy, true);
  const stopping = one.worker.stop();
  await app.pass(2);
  assert.equal(app.ticks.length, 1);
  finish();
  await app.pass(2);
  await stopping;
  await app.pass(2);
  assert.equal(app.ticks.at(-1)?.worker, "two");
});

async function leave(app: App, { connection, worker }: Member, isCrash: boolean): Promise<void> {
  if (isCrash) return connection.crash();
  const stopping = worker.stop();
  await app.pass(1);
  await stopping;
}

test("never two leaders in one generation, whoever comes, stops or crashes", async (t) => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  t.diagnostic(`seed ${seed}`);
  const rng = random(seed);
  const app = new App(3);
  await app.bench.create("words", { partitions: 3 });
  let members: Member[] = [];
  for (let step = 0; step < 25; step += 1) {
    const gone = members.length > 1 && rng.chance(0.5) ? rng.pick(members) : undefined;
    members = members.filter((member) => member !== gone);
    if (gone !== undefined) await leave(app, gone, rng.chance(0.5));
    else if (members.length < 4) members.push(await app.start(`worker-${step}`));
    await app.pass(rng.pick([1, 2, 7, 50]));
  }
  const byGeneration = new Map<number, Set<string>>();
  for (const { generation, worker } of app.ticks) {
    const workers = byGeneration.get(generation) ?? new Set<string>();
    byGeneration.set(generation, workers.add(worker));
  }
  assert.ok(byGeneration.size > 3, `seed ${seed}`);
  const double = [...byGeneration].filter(([, workers]) => workers.size > 1);
  assert.deepEqual(double, [], `seed ${seed}`);
  const times = app.ticks.map(({ at }) => at);
  assert.deepEqual(times, [...new Set(times)], `a tick came twice, seed ${seed}`);
});
