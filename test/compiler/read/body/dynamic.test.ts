/**
 * The proof by running: every case is really run, on random values that remember what is read. What
 * the analysis says has to hold for each run; that it could have said more is not looked at.
 */
import assert from "node:assert/strict";
import path from "node:path";
import test, { mock } from "node:test";
import { pathToFileURL } from "node:url";
import { type Random, random } from "../../../random.ts";
import { ask, type Case, casesOf, files, keyOfCase, openProject } from "./asking.ts";
import { contradictions } from "./contradictions.ts";
import {
  drain,
  encode,
  FakeStream,
  type Fields,
  fakeContext,
  fakeEvent,
  fakeSink,
  fakeTable,
  fakeView,
  fakeWindows,
  newTrace,
  recorded,
  type Trace,
} from "./running.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const runs = 6;
const cases = casesOf(openProject(), files);
const modules = new Map<string, Fields>(
  await Promise.all(
    [...files, "near"].map(async (name): Promise<[string, Fields]> => {
      const file = path.join(import.meta.dirname, "cases", `${name}.ts`);
      return [name, await import(pathToFileURL(file).href)];
    }),
  ),
);
// What is logged is read, and is of no further use here.
mock.method(console, "log", encode);
let ended = 0;
let threw = 0;

for (const each of cases) {
  test(`${each.file}: ${each.name} does nothing that was not said`, async () => {
    const body = ask(each.fn, keyOfCase(each));
    const rng = random(seed);
    for (let run = 0; run < runs; run += 1) {
      const trace = newTrace();
      await runOnce(each, trace, rng);
      assert.deepEqual(contradictions(body, trace, keyFor(each)), [], `SEED=${seed}`);
    }
  });
}

test("most runs come to an end", () => {
  assert.ok(ended > threw * 8, `${ended} runs ended, ${threw} threw`);
});

async function runOnce(each: Case, trace: Trace, rng: Random): Promise<void> {
  const fn = modules.get(each.file)?.[each.name];
  if (typeof fn !== "function") throw new Error(`${each.file} does not export ${each.name}`);
  const types = each.fn.getParameters().map((one) => one.getTypeNode()?.getText() ?? "");
  const args = types.map((type) => argument(type, trace, rng, keyFor(each)));
  try {
    await drain(fn(...args), trace);
    ended += 1;
  } catch {
    threw += 1;
  }
}

function argument(type: string, trace: Trace, rng: Random, keyOf: KeyOf): unknown {
  if (type.startsWith("Each<")) return recorded(randomFields(rng), trace);
  if (type.startsWith("Event<")) {
    const fields = randomFields(rng);
    return fakeEvent(recorded(fields, trace), keyOf(fields));
  }
  if (type.startsWith("Stream<")) return stream(trace, rng, keyOf);
  if (type.startsWith("Batch<")) {
    return Array.from({ length: 1 + rng.int(3) }, () => {
      const fields = randomFields(rng);
      const value = recorded(fields, trace);
      return type.includes("events: true") ? fakeEvent(value, keyOf(fields)) : value;
    });
  }
  if (type.startsWith("Every<")) return { at: 1, partition: 0 };
  if (type.startsWith("View<")) return fakeView();
  if (type.startsWith("Sink<")) return fakeSink();
  if (type === "Context") return fakeContext();
  if (type === "Recent") return fakeWindows("recent", trace);
  return fakeTable(type === "Kept" ? "kept" : "counts", trace, type === "Kept" ? undefined : 0);
}

function stream(trace: Trace, rng: Random, keyOf: KeyOf): FakeStream {
  const keys = new Map<unknown, unknown>();
  async function* values(): AsyncGenerator<unknown> {
    for (let n = 0; n < 4; n += 1) {
      const fields = randomFields(rng);
      const key = keyOf(fields);
      const value = recorded(fields, trace);
      keys.set(value, key);
      yield value;
    }
  }
  return new FakeStream(values(), (value) => keys.get(value));
}

type KeyOf = (fields: Fields) => unknown;

/** The stream's key of a value, worked out beside the agent. */
function keyFor(each: Case): KeyOf {
  const by = each.expected[4]?.replace(/^by /, "");
  if (by === undefined || by === "unknown") return (fields) => fields["customerId"];
  const fn = modules.get(each.file)?.[by] ?? modules.get("near")?.[by];
  if (typeof fn !== "function") throw new Error(`there is no function ${by}`);
  return (fields) => fn(fields);
}

/** Values of every field that a record of the cases has. */
function randomFields(rng: Random): Fields {
  const text = (): string => rng.pick(["a", "b", "x", "c/d", "new", "i", `t${rng.int(9)}`]);
  return {
    id: text(),
    customerId: text(),
    amount: rng.pick([-1, 0, 1, 2, 50, 200]),
    items: rng.int(4),
    status: rng.pick(["new", "paid"]),
    tags: Array.from({ length: rng.int(3) }, text),
    address: { city: text(), street: text(), zip: text() },
    ...(rng.chance(0.5) && { coupon: text() }),
    placedAt: new Date(rng.int(1_000_000)),
    page: `${text()}/${text()}`,
    user: text(),
    lines: Array.from({ length: rng.int(3) }, () => ({ sku: text(), qty: rng.int(5) })),
    prices: { a: rng.int(5), b: rng.int(5) },
    length: { cm: rng.int(5) },
    photo: Buffer.from([rng.int(5), 1, 2]),
  };
}
