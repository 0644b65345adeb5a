import assert from "node:assert/strict";
import test from "node:test";
import { sourceReader } from "./sources.ts";

const readSource = sourceReader();
const header = `import type { Closed, DeadLetter, Each, Event, Every, Int, On, Retry, Stream, Topic, Tumbling, WindowedTable } from "streamgen";
export interface Order { id: string; amount: number }
export type Orders = Topic<"orders", { value: Order; keyBy: "id"; external: true }>;
export type Dead = Topic<"dead", { value: Uint8Array; format: "bytes" }>;
`;
const agent = (onError: string, name = "handle"): string =>
  `export function ${name}(order: Each<Orders, { onError: ${onError} }>): void { order.id; }`;

test("each form of onError is read as what it says", () => {
  const forms: readonly (readonly [string, unknown])[] = [
    ['"stop"', "stop"],
    ['"skip"', "skip"],
    ["DeadLetter<Dead>", { deadLetter: "dead" }],
    ['[Retry<3>, "stop"]', { retries: 3, firstWaitMs: 100, waitMaxMs: 10_000, last: "stop" }],
    [
      'readonly [Retry<1, "2s">, DeadLetter<Dead>]',
      { retries: 1, firstWaitMs: 2000, waitMaxMs: 2000, last: { deadLetter: "dead" } },
    ],
    [
      '[first: Retry<7, "1ms..1d">, last: "skip"]',
      { retries: 7, firstWaitMs: 1, waitMaxMs: 86_400_000, last: "skip" },
    ],
  ];
  for (const [form, expected] of forms) {
    const { program, codes } = readSource(header + agent(form));
    assert.deepEqual(codes, [], form);
    assert.deepEqual(program.agents[0]?.onError, expected, form);
  }
});

test("a policy may be named, with parameters, and used by many", () => {
  const { program, codes } = readSource(`${header}
type Patient<N extends number> = [Retry<N, "1s..1m">, DeadLetter<Dead>];
${agent("Patient<2>", "one")}
${agent("Patient<4>", "two")}`);
  assert.deepEqual(codes, []);
  const retries = program.agents.map(({ onError }) => Object(onError).retries);
  assert.deepEqual(retries, [2, 4]);
});

test("anything else has a diagnostic of its own", () => {
  const forms = {
    SG3014: ['"ignore"', '[Retry<3>, "ignore"]'],
    SG3301: [
      '["skip", Retry<3>]',
      "[Retry<3>]",
      "[Retry<3>, Retry<3>]",
      '[Retry<3>, "skip", "stop"]',
      '["skip"]',
      "[]",
      "Retry<3>",
      "3",
      '"stop" | "skip"',
    ],
    SG3302: ['[Retry<0>, "skip"]', '[Retry<-1>, "skip"]', '[Retry<number>, "skip"]'],
    SG3303: [
      '[Retry<1, "1s..">, "skip"]',
      '[Retry<1, "1s..2s..3s">, "skip"]',
      '[Retry<1, "0s..2s">, "skip"]',
      '[Retry<1, 5>, "skip"]',
    ],
    SG3304: ["DeadLetter<Orders>"],
    SG3019: ["DeadLetter<Order>"],
  };
  for (const [code, policies] of Object.entries(forms)) {
    for (const policy of policies) {
      assert.deepEqual(readSource(header + agent(policy)).codes, [code], policy);
    }
  }
});

test("a dead-letter topic has the source's bytes in a form that can be read", () => {
  const fits = (topic: string): readonly string[] =>
    readSource(
      `${header}export type Other = Topic<"other", ${topic}>;${agent("DeadLetter<Other>")}`,
    ).codes;
  assert.deepEqual(fits('{ value: Order; keyBy: "id" }'), []);
  assert.deepEqual(fits("{ value: Order }"), [], "whoever reads it does not see the key");
  assert.deepEqual(fits('{ value: Uint8Array; format: "bytes"; key: Uint8Array }'), []);
  for (const topic of [
    "{ value: Uint8Array }",
    "{ value: Order & { more: string } }",
    '{ value: Order; format: "json" }',
    "{ value: Order; key: number }",
    '{ value: Uint8Array; format: "bytes"; key: number }',
  ]) {
    assert.ok(fits(topic).includes("SG3305") || fits(topic).includes("SG2014"), topic);
  }
});

test("whoever reads typed dead letters says what happens to those that are none", () => {
  const typed = `${header}export type Again = Topic<"again", { value: Order; keyBy: "id" }>;`;
  const reader = (options: string): readonly string[] =>
    readSource(`${typed}
export function first(order: Each<Again${options}>): void { order.id; }
export async function second(orders: Stream<Again${options}>): Promise<void> { for await (const order of orders) order.id; }
${agent("DeadLetter<Again>")}`).codes;
  assert.deepEqual(reader(""), ["SG3308", "SG3308"]);
  assert.deepEqual(reader(', { onError: "stop" }'), [], "whoever says so wants it");
  assert.deepEqual(reader(', { onError: "skip" }'), []);
});

test("what dead letters write is written, and joins the topics of the pipeline", () => {
  const { program, codes } = readSource(`${header}
export function read(letter: Event<Dead>): void { letter.value; }
${agent("DeadLetter<Dead>")}`);
  assert.deepEqual(codes, [], "the dead-letter topic is not reported as never written");
  assert.deepEqual(
    program.topics.map(({ name }) => name),
    ["orders", "dead"],
  );
});

test("timers stop, skip, or do so after some retries", () => {
  const timer = (onError: string) =>
    readSource(`${header}
export function tick(tick: Every<"1m", { onError: ${onError} }>): void { tick.at; }`);
  assert.deepEqual(timer('[Retry<3>, "skip"]').codes, []);
  assert.deepEqual(timer("DeadLetter<Dead>").codes, ["SG3307"]);
  const [refused] = timer('["skip", Retry<3>]').diagnostics;
  assert.match(refused?.fix ?? "", /^write "stop" or "skip", or one of these behind a Retry/);
});

test("lanes take every policy", () => {
  for (const onError of ['"stop"', '"skip"', "DeadLetter<Dead>", "[Retry<3>, DeadLetter<Dead>]"]) {
    const { codes } = readSource(`${header}
export async function handle(
  order: Each<Orders, { concurrency: 8; onError: ${onError} }>,
): Promise<void> { await Promise.resolve(order.id); }`);
    assert.deepEqual(codes, [], onError);
  }
});

test("closed windows and hooks take what timers do", () => {
  const of = (onError: string) =>
    readSource(`${header}
export type Counts = WindowedTable<"counts", { key: string; value: Int; window: Tumbling<"1m">; grace: "1s"; expires: "1h" }>;
export function count(order: Each<Orders>, counts: Counts): void { counts.set(order.id, 1); }
export function closed(final: Closed<Counts, { idle: "never"; onError: ${onError} }>): void { final.key; }
export function begin(event: On<"assigned", { onError: ${onError} }>): void { event.tasks; }`);
  const { codes, program } = of('[Retry<3, "1s">, "skip"]');
  assert.deepEqual(codes, []);
  for (const name of ["closed", "begin"]) {
    assert.deepEqual(program.agents.find((agent) => agent.name === name)?.onError, {
      ...{ retries: 3, firstWaitMs: 1000, waitMaxMs: 1000, last: "skip" },
    });
  }
  const refused = of("[Retry<3>, DeadLetter<Dead>]");
  assert.deepEqual(refused.codes, ["SG3307", "SG3307"]);
  assert.match(refused.diagnostics[0]?.message ?? "", /a closed window is no record/);
});
