import assert from "node:assert/strict";
import test from "node:test";
import { type ManualClock, manualClock } from "../../../../runtime/clock.ts";
import type { Fetcher, Producer } from "../../../../runtime/log/log.ts";
import { type MemoryLog, memoryLog } from "../../../../runtime/log/memory-log.ts";
import { type Random, random } from "../../../random.ts";
import { batchOf, recordsOf } from "../contract/driver.ts";

/** One record as a child would note it down. */
interface Entry {
  readonly offset: number;
  readonly key: string;
  readonly value: string;
  readonly owner: number | undefined;
  state: "open" | "committed" | "aborted";
}

/** A partition on paper: a list, searched from the front each time. */
class Page {
  readonly entries: Entry[] = [];
  end = 0;
  start = 0;

  write(owner: number | undefined, rows: readonly (readonly [string, string])[]): void {
    for (const [key, value] of rows) {
      const state = owner === undefined ? "committed" : "open";
      this.entries.push({ offset: this.end++, key, value, owner, state });
    }
  }

  settle(owner: number, state: "committed" | "aborted"): void {
    const mine = this.entries.filter((entry) => entry.owner === owner && entry.state === "open");
    for (const entry of mine) entry.state = state;
    if (mine.length > 0) this.end++;
  }

  get stableEnd(): number {
    const open = this.entries.find((entry) => entry.state === "open");
    return Math.max(this.start, open?.offset ?? this.end);
  }

  get visible(): readonly string[] {
    const { start, stableEnd } = this;
    return this.entries
      .filter((entry) => entry.state === "committed")
      .filter((entry) => entry.offset >= start && entry.offset < stableEnd)
      .map((entry) => `${entry.offset} ${entry.key}=${entry.value}`);
  }
}

const partitions = 2;
const producers = 3;

interface World {
  readonly from: Random;
  readonly clock: ManualClock;
  readonly log: MemoryLog;
  readonly pages: readonly Page[];
  readonly senders: (Producer | undefined)[];
  readonly open: boolean[];
  /** A reader that is never moved, and all that it has been given. */
  readonly tail: Fetcher;
  readonly told: string[][];
  written: number;
}

async function makeWorld(seed: number): Promise<World> {
  const from = random(seed);
  const clock = manualClock(1_000);
  const log = memoryLog({ clock, partitionMaxBytes: 60 + from.int(1_000) });
  const settings = { partitions, replicas: 1, retentionMs: -1, config: {} };
  await log.createTopics([{ name: "t", cleanup: "delete", ...settings }]);
  const tail = await log.fetcher();
  for (let partition = 0; partition < partitions; partition++) {
    tail.seek({ topic: "t", partition }, 0);
  }
  return {
    ...{ from, clock, log, tail, written: 0 },
    pages: Array.from({ length: partitions }, () => new Page()),
    senders: Array.from({ length: producers }, () => undefined),
    open: Array.from({ length: producers }, () => false),
    told: Array.from({ length: partitions }, () => []),
  };
}

function settleAll(world: World, owner: number, state: "committed" | "aborted"): void {
  for (const page of world.pages) page.settle(owner, state);
  world.open[owner] = false;
}

async function sendSome(world: World, producer: Producer, owner?: number): Promise<void> {
  const { from, pages } = world;
  const partition = from.int(partitions);
  const rows = Array.from(
    { length: 1 + from.int(4) },
    () => [`k${from.int(4)}`, `v${world.written++}`] as const,
  );
  const batch = batchOf(...rows.map(([key, value]) => ({ key, value })));
  await producer.send({ topic: "t", partition }, batch);
  pages[partition]?.write(owner, rows);
}

/** One producer with transactions does what comes next. */
async function transact(world: World, owner: number): Promise<void> {
  const { from, senders, open, log } = world;
  const sender = senders[owner];
  if (sender === undefined || from.chance(0.1)) {
    settleAll(world, owner, "aborted");
    senders[owner] = await log.producer({ transactionalId: `id-${owner}` });
  } else if (open[owner] !== true) {
    sender.begin();
    open[owner] = true;
  } else if (from.chance(0.6)) await sendSome(world, sender, owner);
  else {
    const isCommit = from.chance(0.6);
    await (isCommit ? sender.commit() : sender.abort());
    settleAll(world, owner, isCommit ? "committed" : "aborted");
  }
}

async function compareFromStart(world: World, seed: number): Promise<void> {
  const { log, pages } = world;
  const records = log.records("t");
  for (const [partition, page] of pages.entries()) {
    const shown = records
      .filter((record) => record.partition === partition)
      .map(({ offset, key, value }) => `${offset} ${key}=${value}`);
    assert.deepEqual(shown, page.visible, `seed ${seed}, partition ${partition}`);
    const [range] = await log.offsets([{ topic: "t", partition }]);
    const { start, end, stableEnd } = page;
    assert.deepEqual([range?.start, range?.end, range?.stableEnd], [start, end, stableEnd]);
  }
}

async function followTail(world: World): Promise<void> {
  const batches = await world.tail.poll(0);
  for (const batch of batches) {
    const page = world.pages[batch.partition];
    assert.equal(batch.endOffset, page?.stableEnd);
    for (const { offset, key, value } of recordsOf([batch])) {
      world.told[batch.partition]?.push(`${offset} ${key}=${value}`);
    }
  }
}

async function deleteSome(world: World): Promise<void> {
  const { from, log, pages } = world;
  const partition = from.int(partitions);
  const page = pages[partition];
  const told = world.told[partition];
  if (page === undefined || told === undefined) return;
  // Only what the tail has been given, or it would be told that its place is gone.
  const upTo = Math.min(page.stableEnd, Number.parseInt(told.at(-1) ?? "0", 10));
  if (upTo <= page.start) return;
  await log.deleteRecords([{ topic: "t", partition, offset: upTo }]);
  page.start = upTo;
}

/** Adds to each partition's lines what has become visible since the last time. */
function noteVisible(world: World, lines: readonly string[][]): void {
  for (const [partition, page] of world.pages.entries()) {
    const known = lines[partition];
    const last = Number.parseInt(known?.at(-1) ?? "-1", 10);
    known?.push(...page.visible.filter((line) => Number.parseInt(line, 10) > last));
  }
}

async function abortAll(world: World): Promise<void> {
  for (const [owner, sender] of world.senders.entries()) {
    if (world.open[owner] === true) await sender?.abort();
    settleAll(world, owner, "aborted");
  }
}

test("random transactions give what a list on paper gives", async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const world = await makeWorld(seed);
    const { from, log } = world;
    const plain = await log.producer({});
    const lines = world.pages.map((): string[] => []);
    for (let step = 0; step < 120; step++) {
      if (from.chance(0.2)) await sendSome(world, plain);
      else if (from.chance(0.05)) await deleteSome(world);
      else await transact(world, from.int(producers));
      if (from.chance(0.3)) await followTail(world);
      if (from.chance(0.1)) await compareFromStart(world, seed);
      noteVisible(world, lines);
    }
    await abortAll(world);
    noteVisible(world, lines);
    for (let i = 0; i < 100; i++) await followTail(world);
    await compareFromStart(world, seed);
    assert.deepEqual(world.told, lines, `seed ${seed}: the reader that only follows`);
  }
});

type Rows = readonly { readonly key: string; readonly value: string | null }[];

/** Writes at random to a compacted topic, and gives the last value of each key. */
async function writeTable({
  log,
  from,
  clock,
}: Pick<World, "log" | "from" | "clock">): Promise<ReadonlyMap<string, string | null>> {
  const plain = await log.producer({});
  const sender = await log.producer({ transactionalId: "id" });
  const last = new Map<string, string | null>();
  for (let step = 0; step < 80; step++) {
    const rows: Rows = Array.from({ length: 1 + from.int(5) }, () => ({
      key: `k${from.int(8)}`,
      value: from.chance(0.2) ? null : `v${step}`,
    }));
    const end = from.pick(["plain", "commit", "abort"] as const);
    if (end !== "plain") sender.begin();
    await (end === "plain" ? plain : sender).send({ topic: "t", partition: 0 }, batchOf(...rows));
    if (end !== "plain") await sender[end]();
    if (end !== "abort") for (const { key, value } of rows) last.set(key, value);
    if (from.chance(0.1)) log.compact("t");
    await clock.advance(from.int(200));
  }
  return last;
}

function present(map: ReadonlyMap<string, string | null>): readonly string[] {
  return [...map].flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`])).sort();
}

test("random compactions keep what a fold over the records gives", async () => {
  for (let seed = 1; seed <= 80; seed++) {
    const from = random(seed);
    const clock = manualClock(1_000);
    const log = memoryLog({ clock, compactMinRecords: 5 + from.int(60) });
    const config = { "delete.retention.ms": "1000" };
    const settings = { partitions: 1, replicas: 1, retentionMs: -1, config };
    await log.createTopics([{ name: "t", cleanup: "compact", ...settings }]);
    const expected = present(await writeTable({ log, from, clock }));
    const folded = log
      .records("t")
      .map(({ key, value }) => [`${key}`, value === null ? null : `${value}`] as const);
    assert.deepEqual(present(new Map(folded)), expected, `seed ${seed}`);
    log.compact("t");
    await clock.advance(1_000);
    log.compact("t");
    const left = log.records("t").map(({ key, value }) => `${key}=${value}`);
    assert.deepEqual(left.sort(), expected, `seed ${seed}: a record a key, and no tombstone`);
  }
});
