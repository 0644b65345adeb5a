/** The proof by running, of bodies that a generator wrote: `SEED=… ` repeats a failure. */
import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { type FunctionDeclaration, ts } from "ts-morph";
import type { BodyModel, TableAccessModel } from "../../../../compiler/model/topology.ts";
import { random } from "../../../random.ts";
import { ask, openProject } from "./asking.ts";
import { unknown } from "./cases/far.js";
import { same } from "./cases/near.ts";
import { defaults } from "./cases/order.ts";
import { contradictions } from "./contradictions.ts";
import { BodyWriter } from "./random-body.ts";
import { drain, type Fields, fakeTable, newTrace, recorded, type Trace } from "./running.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const bodies = Number(process.env["BODIES"] ?? 300);
const runs = 4;

const head = `import type { Each } from "streamgen";
import { unknown } from "./far.js";
import { same } from "./near.ts";
import { type Counts, defaults, type Order, type Orders } from "./order.ts";
function writeFar(t: Counts, o: Order, k: string): void {
  t.set(k, 901);
  t.set(o.customerId, 902);
}
function askFar(o: Order): string { return o.id; }
`;

const rng = random(seed);
const writer = new BodyWriter(rng);
const texts = Array.from({ length: bodies }, (_, n) => writer.agent(`body${n}`));
const source = `${head}${texts.join("")}`;
const file = openProject().createSourceFile(
  path.join(import.meta.dirname, "cases", "written.ts"),
  source,
);
const functions = compile(source);
const customer = (fields: Fields): unknown => fields["customerId"];
const said = { bodies: 0, partly: 0, accesses: 0, certain: 0, runs: 0 };

test(`${bodies} random bodies do nothing that was not said (SEED=${seed})`, async () => {
  for (let n = 0; n < bodies; n += 1) {
    const declaration = file.getFunctionOrThrow(`body${n}`);
    const body = ask(declaration, { kind: "field", field: "customerId" });
    said.bodies += 1;
    if (body.reads !== "all") said.partly += 1;
    said.accesses += body.accesses.length;
    said.certain += body.accesses.filter(({ key }) => key.kind !== "unknown").length;
    for (let run = 0; run < runs; run += 1) {
      const trace = await runOnce(functions[`body${n}`]);
      const wrong = [
        ...contradictions({ ...body, accesses: [] }, withoutAccesses(trace), customer),
      ];
      wrong.push(...wrongSites(body, declaration, trace));
      assert.deepEqual(wrong, [], `SEED=${seed}\n${texts[n]}\n${JSON.stringify(body, null, 1)}`);
    }
  }
});

test("random bodies have something to say", () => {
  const text = JSON.stringify(said);
  assert.ok(said.accesses > bodies && said.runs > bodies, text);
  assert.ok(said.partly > said.bodies / 4 && said.certain > said.accesses / 5, text);
});

async function runOnce(fn: ((...args: unknown[]) => unknown) | undefined): Promise<Trace> {
  const trace = newTrace();
  const value = recorded(randomOrder(), trace);
  const table = siteTable(trace);
  try {
    await drain(fn?.(value, table), trace);
  } catch (error) {
    // Recursion without an end, and variables before their declaration; the trace counts up to there.
    assert.ok(error instanceof Error || error === value, String(error));
  }
  return trace;
}

const withoutAccesses = (trace: Trace): Trace => ({ ...trace, accesses: [] });

/** A table that notes the number of the access instead of its method. */
function siteTable(trace: Trace): object {
  const note = (key: unknown, site: unknown): unknown => {
    trace.accesses.push({ table: "counts", method: String(site), key });
    return site;
  };
  return {
    ...fakeTable("counts", newTrace(), 0),
    set: note,
    getOr: note,
    update: (key: unknown, change: () => unknown) => note(key, change()),
  };
}

/**
 * Each access that ran must be known, or the table out of sight; what is said of its key must hold.
 */
function wrongSites(body: BodyModel, fn: FunctionDeclaration, trace: Trace): readonly string[] {
  const siteOf = ({ span }: TableAccessModel): string | undefined =>
    /(\d+)\)$/.exec(fn.getSourceFile().getFullText().slice(span.start, span.end))?.[1];
  const isOpen = body.accesses.some((access) => access.method === "?");
  return trace.accesses.flatMap(({ method: site, key }) => {
    const known = body.accesses.filter((access) => siteOf(access) === site);
    if (known.length === 0) return isOpen ? [] : [`access ${site} is not known`];
    return known.flatMap((access) => {
      if (access.key.kind === "unknown") return [];
      said.runs += 1;
      const [value] = trace.values;
      const field = access.key.kind === "field" ? access.key.field : "customerId";
      const steps = field.split(".");
      const expected =
        access.key.kind === "constant" ? "l" : steps.reduce<unknown>(step, value?.before);
      return key === expected ? [] : [`access ${site} by ${String(key)}, not ${String(expected)}`];
    });
  });
}

function step(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function randomOrder(): Fields {
  const text = (): string => rng.pick(["a", "b", "l", "n", "zz", `t${rng.int(99)}`]);
  return {
    id: text(),
    customerId: text(),
    amount: rng.int(9),
    items: rng.int(4),
    status: rng.pick(["new", "paid"]),
    tags: Array.from({ length: rng.int(3) }, text),
    address: { city: text(), street: text(), zip: text() },
    ...(rng.chance(0.5) && { coupon: text() }),
    placedAt: new Date(rng.int(1_000_000)),
  };
}

function compile(text: string): Record<string, (...args: unknown[]) => unknown> {
  const { outputText } = ts.transpileModule(text.replace(/^import .*$/gm, ""), {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  const names = texts.map((_, n) => `body${n}`).join(", ");
  const body = outputText.replace(/^export /gm, "");
  return new Function("same", "unknown", "defaults", `"use strict";${body};return { ${names} };`)(
    same,
    unknown,
    { ...defaults, customerId: "nobody" },
  );
}
