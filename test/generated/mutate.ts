/** Breaks a pipeline in one place, and says what the compiler has to answer. */
import type { Random } from "../random.ts";
import type { Pipeline } from "./model.ts";
import { printPipeline } from "./print.ts";

export interface Broken {
  readonly source: string;
  readonly code: string;
  /** Where the diagnostic has to begin. */
  readonly start: number;
}

/** Stands before the place of the diagnostic until the source is written. */
const mark = "⟦";

type Mutation = (source: string, pipeline: Pipeline) => string | undefined;

const field =
  (type: string): Mutation =>
  (source) =>
    source.replace("  n: Int;", `  n: Int;\n  x: ${mark}${type};`);
const option =
  (text: string): Mutation =>
  (source) =>
    source.replace("external: true }", `external: true; ${text} }`);
const more =
  (text: string): Mutation =>
  (source) =>
    `${source}\n${text}\n`;

/** An agent that counts in a table of windows that are wrong. */
const windows = (options: string): Mutation =>
  more(
    `export type Wrong = WindowedTable<"wrong", { key: string; value: Int; ${options} }>;
export function extra(v: Each<Input0, { groupBy: "g" }>, wrong: Wrong): void { wrong.update(v.g, (n = 0) => n + 1); }`,
  );
const failing = (onError: string): Mutation =>
  more(`export function extra(v: Each<Input0, { onError: ${onError} }>): void {}`);
const timer = (line: string): Mutation =>
  more(`export function extra(tick: Cron<${line}>, lines: Sink<Lines>): void { lines.send("!"); }`);
const merged =
  'export type Left = Topic<"left", { value: Tally; keyBy: "k"; partitions: 2; external: true }>;\n' +
  'export type Right = Topic<"right", { value: Tally; keyBy: "k"; partitions: 2; external: true }>;\n';

const mutations: readonly (readonly [code: string, mutation: Mutation])[] = [
  ["SG3301", failing(`${mark}[DeadLetter<Dead>, Retry<3>]`)],
  ["SG3302", failing(`[Retry<${mark}2.5>, "skip"]`)],
  ["SG3303", failing(`[Retry<3, ${mark}"10s..100ms">, "skip"]`)],
  ["SG3304", failing(`${mark}DeadLetter<Input0>`)],
  ["SG3305", failing(`${mark}DeadLetter<Lines>`)],
  ["SG3402", windows(`window: ${mark}Hopping<"1m", "5m">; grace: "0s"`)],
  ["SG3405", windows(`window: ${mark}"1m"; grace: "0s"`)],
  ["SG3409", windows(`window: ${mark}Hopping<"1d", "1s">; grace: "0s"`)],
  [
    "SG3501",
    more(
      `${merged}export function extra(v: Event<Left | Right, { groupBy: ${mark}"n" }>): void {}`,
    ),
  ],
  ["SG3502", more(`${merged}export function extra(v: Each<${mark}Left | Right>): void {}`)],
  [
    "SG3504",
    more(
      `${merged}export type Extra = Table<"extra", { key: string; value: Int; default: 0 }>;
export async function extra(v: Event<Left | Right, { concurrency: 3 }>, all: ${mark}Extra): Promise<void> {
  await Promise.resolve();
  all.update(v.key, (n) => n + 1);
}`,
    ),
  ],
  ["SG3601", timer(`"${mark}61 * * * *"`)],
  ["SG3603", timer(`${mark}"0 3 30 FEB *"`)],
  ["SG3604", timer(`"0 3 * * *", ${mark}"Europe/Berln"`)],
  ["SG3612", more(`export function extra(request: Get<${mark}"/a//b">): string { return "!"; }`)],
  [
    "SG3703",
    more(
      `export type Wrong = SetTable<"wrong", { key: string; element: ${mark}string | null }>;
export function extra(v: Each<Input0, { groupBy: "g" }>, wrong: Wrong): void { wrong.add(v.g, "a"); }`,
    ),
  ],
  ["SG2001", field("any")],
  ["SG2002", field("unknown")],
  ["SG2003", field("() => void")],
  ["SG2005", field("[number, number]")],
  ["SG2006", field("Set<string>")],
  ["SG2013", field("Promise<string>")],
  ["SG3005", option(`retention: ${mark}"-7d"`)],
  ["SG3012", option(`${mark}partitons: 6`)],
  ["SG3007", (source) => source.replace('Topic<"lines"', `Topic<${mark}"my lines"`)],
  ["SG1002", more(`export function extra(v: Each<${mark}Missing>): void {}`)],
  ["SG1006", more(`export default function ${mark}extra(v: Each<Input0>): void {}`)],
  [
    "SG1007",
    more(
      `export function extra(v: Each<Input0>): void;\nexport function ${mark}extra(v: Each<Input0>): void {}`,
    ),
  ],
  ["SG1008", more(`export function extra<${mark}T>(v: Each<Input0>): void {}`)],
  ["SG1009", more(`export function extra(v: Each<Input0>, ${mark}ctx?: Context): void {}`)],
  ["SG1011", more(`function ${mark}extra(v: Each<Input0>): void {}`)],
  ["SG1013", more(`export function extra(ctx: Context, ${mark}v: Each<Input0>): void {}`)],
  ["SG3105", more(`export function extra(v: Each<Input0>): ${mark}In0 { return v; }`)],
  ["SG3109", more(`export function ${mark}extra(all: Stream<Input0>): void {}`)],
  [
    "SG4001",
    more(
      `export type ${mark}Lines2 = Topic<"lines", { value: string; format: "string"; partitions: 7 }>;`,
    ),
  ],
  ["SG3103", withTable((n) => `export function extra(start: OnStart, t: ${mark}T${n}): void {}`)],
  [
    "SG4002",
    withTable((n) => `export type ${mark}Again = Table<"t${n}", { key: string; value: boolean }>;`),
  ],
  ["SG3202", otherKey],
];

function withTable(text: (table: number) => string): Mutation {
  return (source, { agents }) => {
    const [table] = agents.flatMap(({ tables }) => tables);
    return table && `${source}\n${text(table.number)}\n`;
  };
}

/** A row of another key than the stream's. */
function otherKey(source: string, { agents, inputs }: Pipeline): string | undefined {
  const isText = (from: unknown): boolean =>
    inputs.some(
      (input) => input.number === from && input.key === "field" && input.keyType === "string",
    );
  const agent = agents.find(
    ({ from, groupBy, tables }) =>
      isText(from) && groupBy === undefined && tables.some(({ kind }) => kind === "count"),
  );
  const table = agent?.tables.find(({ kind }) => kind === "count");
  if (agent === undefined || table === undefined) return undefined;
  const body = `${mark}t.update(v.g, (n = 0) => n + 1);`;
  return `${source}\nexport function extra(v: Each<Input${agent.from}>, t: T${table.number}): void { ${body} }\n`;
}

export const codes: readonly string[] = mutations.map(([code]) => code);

/** `first` says which mutation is tried before others, so that each has its turn. */
export function breakPipeline(pipeline: Pipeline, random: Random, first: number): Broken {
  const turn = mutations[first % mutations.length];
  const others = random.shuffle(mutations);
  for (const [code, mutation] of turn === undefined ? others : [turn, ...others]) {
    const marked = mutation(printPipeline(pipeline), pipeline);
    const start = marked?.indexOf(mark) ?? -1;
    if (marked !== undefined && start >= 0)
      return { source: marked.replace(mark, ""), code, start };
  }
  throw new Error("no mutation fits");
}
