/** Writes a pipeline as a user would. */
import { readFileSync } from "node:fs";
import type {
  Agent,
  Condition,
  Content,
  Field,
  FieldType,
  Figure,
  Input,
  Pipeline,
  Step,
  TableModel,
} from "./model.ts";
import { isBatch } from "./model.ts";
import { printClosed, printTable } from "./print-tables.ts";

const show = readFileSync(new URL("show.ts", import.meta.url), "utf8").replace(/^.*\n/, "");
const language =
  "Batch, Closed, Command, Context, Cron, DeadLetter, Decimal, Double, Duration, Each, Event, Every, " +
  "Fixed, Float, Get, Hopping, Int, LocalDate, LocalTimestamp, LocalTimestampMicros, Long, Lookup, On, " +
  "OnStart, Retry, SafeLong, SetTable, Sink, Stream, Table, TimeMicros, TimeMillis, TimestampMicros, " +
  "TimestampMillis, TimestampNanos, To, Topic, Tumbling, Uuid, View, WindowedTable";

export function printPipeline(pipeline: Pipeline): string {
  const { agents, inputs, reports } = pipeline;
  const reads = agents.some(({ from }) => from === "tallies") ? "; partitions: 2" : "";
  return [
    `import type { ${language} } from "streamgen";`,
    show,
    `export interface Tally { k: string; n: Int }`,
    `export type Lines = Topic<"lines", { value: string; format: "string" }>;`,
    `export type Tallies = Topic<"tallies", { value: Tally; keyBy: "k"${reads} }>;`,
    `export type Latest = Topic<"latest", { key: string; value: Tally; cleanup: "compact" }>;`,
    `export type Dead = Topic<"dead", { value: Uint8Array; format: "bytes" }>;`,
    ...inputs.map(printInput),
    ...agents.map((agent) => printAgent(agent, inputs)),
    ...agents.flatMap(({ tables }) => tables.flatMap(printClosed)),
    ...reports.map(printReport),
    ...(pipeline.hasBeat
      ? ['export const beat = (tick: Every<"5s">): To<Lines> => `beat ${tick.at}`;']
      : []),
    ...(pipeline.hasStart
      ? [
          "export function hello(start: OnStart, lines: Sink<Lines>): void { lines.send(`start ${start.app}`); }",
        ]
      : []),
  ].join("\n");
}

function printInput(input: Input): string {
  const { number, fields, format, key, keyType, partitions } = input;
  const parts = fields.flatMap((field) => partOf(number, field));
  const keyed = {
    field: `; keyBy: "k"`,
    function: `; keyBy: typeof keyOf${number}`,
    own: `; key: ${keyType}`,
    none: "",
  }[key];
  const same = `value: In${number}${keyed}; format: "${format}"`;
  const time = input.hasTime ? `; time: "at"` : "";
  const cleanup = input.isCompacted ? `; cleanup: "compact"` : "";
  return [
    ...parts,
    `export interface In${number} {`,
    `  k: ${keyType};`,
    `  g: "a" | "b" | "c";`,
    `  n: Int;`,
    `  at: Date;`,
    ...fields.map(
      (field) => `  ${field.name}${field.isOptional ? "?" : ""}: ${typeText(number, field)};`,
    ),
    "}",
    `export const keyOf${number} = (value: In${number}): string => "key " + show(value.k);`,
    `export const groupOf${number} = (value: In${number}): string => value.g + value.g;`,
    `export type Input${number} = Topic<"in${number}", { ${same}${time}${cleanup}; partitions: ${partitions}; external: true }>;`,
    `export type Same${number} = Topic<"same${number}", { ${same} }>;`,
  ].join("\n");
}

/** A record inside a record is declared by itself. */
function partOf(number: number, { name, type }: Field): readonly string[] {
  const inner = (each: FieldType): readonly string[] => {
    if (each.kind === "scalar" || each.kind === "symbols") return [];
    if (each.kind !== "part") return inner(each.of);
    return [`export interface Part${number}${name} { x: ${text(each.of, "never")}; y: string }`];
  };
  return inner(type);
}

function typeText(number: number, { name, type }: Field): string {
  return text(type, `Part${number}${name}`);
}

function text(type: FieldType, part: string): string {
  switch (type.kind) {
    case "scalar":
      return type.text;
    case "symbols":
      return type.symbols.map((symbol) => JSON.stringify(symbol)).join(" | ");
    case "array":
      return `(${text(type.of, part)})[]`;
    case "map":
      return `Record<string, ${text(type.of, part)}>`;
    case "nullable":
      return `${text(type.of, part)} | null`;
    case "part":
      return part;
  }
}

export function keyTypeOf({ groupBy, from }: Agent, inputs: readonly Input[]): string {
  const input = inputs.find(({ number }) => number === (from === "both" ? 0 : from));
  if (input === undefined || groupBy !== undefined || input.key === "function") return "string";
  return input.keyType;
}

const valueType = ({ from }: Agent): string => (from === "tallies" ? "Tally" : `In${from}`);
const when = ({ divisor, rest }: Condition): string => `v.n % ${divisor} === ${rest}`;

function keyText(agent: Agent, input: Input | undefined): string {
  if (agent.groupBy === "field") return "v.g";
  if (agent.groupBy === "function") return `groupOf${agent.from}(v)`;
  if (agent.trigger === "stream items") return "itemKey";
  if (input?.key === "own") return "event.key";
  if (input === undefined || input.key === "field") return "v.k";
  return input.key === "function" ? `keyOf${agent.from}(v)` : `"none"`;
}

/** Whether an agent has a key that rows may have. */
export function hasKey({ from, groupBy, trigger }: Agent, inputs: readonly Input[]): boolean {
  const input = inputs.find(({ number }) => number === from);
  if (groupBy !== undefined || input === undefined) return true;
  if (input.key === "own") return !["each", "stream", "batch"].includes(trigger);
  return input.key !== "none";
}

class Body {
  readonly #key: string;
  readonly #leave: string;
  readonly #isBatch: boolean;

  constructor(agent: Agent, inputs: readonly Input[]) {
    const written = keyText(
      agent,
      inputs.find(({ number }) => number === agent.from),
    );
    const hasAlias = agent.hasAlias && hasKey(agent, inputs);
    this.#key = hasAlias ? "key" : written;
    const leaves = agent.returns?.as === "list" ? "return [];" : "return;";
    this.#isBatch = isBatch(agent);
    this.#leave = loops[agent.trigger] === undefined ? leaves : "continue;";
    this.lines =
      hasAlias && (agent.steps.length > 0 || agent.returns) ? [`const key = ${written};`] : [];
    this.lines.push(...agent.steps.map((step) => this.#step(step)));
    const { returns } = agent;
    if (returns !== undefined) this.lines.push(this.#return(returns));
  }

  readonly lines: string[];

  #step(step: Step): string {
    const key = this.#key;
    switch (step.do) {
      case "skip":
        return `if (${when(step.when)}) ${this.#leave}`;
      case "fail":
        return `if (${when(step.when)}) throw new Error("unlucky");`;
      case "reject":
        return `if (${when(step.when)}) { event.reject("unwanted"); ${this.#leave} }`;
      case "change":
        return "v.n = v.n + 1;";
      case "count":
        return `const count = t${step.table}.update(${key}, (n = 0) => n + ${step.add === "one" ? "1" : "v.n"});`;
      case "window":
        return `const window = t${step.table}.update(${key}, (n = 0) => n + ${step.add === "one" ? "1" : "v.n"});`;
      case "add":
        return `t${step.table}.add(${key}, v.g);\nconst size = t${step.table}.size(${key});`;
      case "remove":
        return `if (${when(step.when)}) t${step.table}.delete(${key}, v.g);`;
      case "look":
        return `const look = t${step.table}.get(${key});`;
      case "keep":
        return `t${step.table}.set(${key}, v);`;
      case "drop":
        return `if (${when(step.when)}) t${step.table}.delete(${key});`;
      case "forward":
        return "event.forward(same);";
      case "send":
        return this.#send(step.content);
    }
  }

  #send(content: Content): string {
    // What a batch sends has the time of its last record, whichever that is.
    const options = this.#isBatch ? ", { timestamp: v.at }" : "";
    if (content.to !== "latest") return `${content.to}.send(${this.#content(content)}${options});`;
    if (content.of === "nothing") return `latest.delete(show(${this.#key}));`;
    return `latest.send(show(${this.#key}), ${this.#tally(content.of)}${options});`;
  }

  #tally(of: Figure): string {
    const n = of === "n" ? "v.n" : of === "look" ? "look ?? -1" : of;
    return `{ k: show(${this.#key}), n: ${n} }`;
  }

  #content(content: Content): string {
    if (content.to === "lines")
      return content.fields.map((field) => `show(v${field})`).join(' + " " + ');
    if (content.to === "same") return "v";
    return content.of === "nothing" ? "null" : this.#tally(content.of);
  }

  #return({ content, as }: NonNullable<Agent["returns"]>): string {
    const value = this.#content(content);
    if (as === "generator") return `yield ${value};`;
    return as === "list" ? `return [${value}, ${value}];` : `return ${value};`;
  }
}

function topicType(content: Content, agent: Agent): string {
  if (content.to === "same") return `Same${agent.from}`;
  return { lines: "Lines", tallies: "Tallies", latest: "Latest" }[content.to];
}

function resultType(agent: Agent, isCompacted: boolean): string {
  const { isAsync, returns, steps, trigger } = agent;
  const isStream = trigger.startsWith("stream");
  if (returns === undefined) return isAsync || isStream ? "Promise<void>" : "void";
  const to = `To<${topicType(returns.content, agent)}>`;
  if (returns.as === "generator")
    return isAsync || isStream ? `AsyncGenerator<${to}>` : `Generator<${to}>`;
  const leaves = steps.some((step) => step.do === "skip" || step.do === "reject") || isCompacted;
  const isMaybe = leaves && returns.as === "value";
  const value = returns.as === "list" ? `${to}[]` : `${to}${isMaybe ? " | undefined" : ""}`;
  return isAsync ? `Promise<${value}>` : value;
}

function printAgent(agent: Agent, inputs: readonly Input[]): string {
  const { isAsync, number, returns, trigger } = agent;
  const isCompacted = inputs.some((input) => input.number === agent.from && input.isCompacted);
  const isStream = trigger.startsWith("stream");
  const parameters = [firstParameter(agent), ...resources(agent)].join(", ");
  const prefix = isAsync || isStream ? "async " : "";
  const star = returns?.as === "generator" ? "*" : "";
  const head = `(${parameters}): ${resultType(agent, isCompacted)}`;
  const inner = printBody(agent, inputs, isCompacted);
  const key = agent.groupBy === "field" ? "string" : keyTypeOf(agent, inputs);
  const tables = agent.tables.map((table) => printTable(table, { key, value: valueType(agent) }));
  const declared =
    agent.isArrow && star === ""
      ? `export const agent${number} = ${prefix}${head} => {\n${inner}\n};`
      : `export ${prefix}function${star} agent${number}${head} {\n${inner}\n}`;
  return [...tables, `/** Number ${number}. */`, declared].join("\n");
}

const topicsOf = ({ from }: Agent): string =>
  from === "both" ? "Input0 | Input1" : from === "tallies" ? "Tallies" : `Input${from}`;

function firstParameter(agent: Agent): string {
  const { from, groupBy, hasLanes, keepsLate, onError, trigger } = agent;
  const topic = topicsOf(agent);
  const options = [
    ...(groupBy === "field" ? [`groupBy: "g"`] : []),
    ...(groupBy === "function" ? [`groupBy: typeof groupOf${from}`] : []),
    ...(onError === "skip" ? [`onError: "skip"`] : []),
    ...(onError === "dead" ? ["onError: DeadLetter<Dead>"] : []),
    ...(keepsLate ? [`late: "keep"`] : []),
    ...(hasLanes ? ["concurrency: 3"] : []),
    ...(isBatch(agent) ? [`max: 3; within: "2s"`] : []),
    ...(trigger === "batch events" ? ["events: true"] : []),
  ];
  const source = options.length === 0 ? topic : `${topic}, { ${options.join("; ")} }`;
  if (isBatch(agent)) return `all: Batch<${source}>`;
  if (trigger === "each") return `v: Each<${source}>`;
  return trigger === "event" ? `event: Event<${source}>` : `all: Stream<${source}>`;
}

const loops: Readonly<Record<string, string>> = {
  stream: "v of all",
  "stream events": "event of all.events()",
  "stream items": "[itemKey, v] of all.items()",
  batch: "v of all",
  "batch events": "event of all",
};

function printBody(agent: Agent, inputs: readonly Input[], isCompacted: boolean): string {
  const { isAsync, returns, trigger } = agent;
  const loop = loops[trigger];
  const leave = loop === undefined ? `return${returns?.as === "list" ? " []" : ""};` : "continue;";
  const isEvent = ["event", "stream events", "batch events"].includes(trigger);
  const isStream = trigger.startsWith("stream");
  const lines = [
    ...((isAsync && !isBatch(agent)) || isStream ? ["await Promise.resolve();"] : []),
    ...(isEvent ? ["const v = event.value;"] : []),
    ...(isEvent && isCompacted && !isBatch(agent) ? [`if (v === null) ${leave}`] : []),
    ...new Body(agent, inputs).lines,
  ].join("\n");
  if (isBatch(agent)) {
    const wait = isAsync ? "await Promise.resolve();\n" : "";
    return `${wait}for (const ${loop}) {\n${lines}\n}`;
  }
  return loop === undefined ? lines : `for await (const ${loop}) {\n${lines}\n}`;
}

function resources(agent: Agent): readonly string[] {
  const { lookups, steps, tables } = agent;
  const sinks = new Map<string, string>();
  for (const step of steps) {
    if (step.do === "send") sinks.set(step.content.to, topicType(step.content, agent));
    if (step.do === "forward") sinks.set("same", `Same${agent.from}`);
  }
  return [
    ...tables.map(({ number }) => `t${number}: T${number}`),
    ...lookups.map(({ number }) => `t${number}: Lookup<T${number}>`),
    ...[...sinks].map(([name, topic]) => `${name}: Sink<${topic}>`),
  ];
}

function printReport({ number }: TableModel): string {
  return `export function report${number}(tick: Every<"10s">, t${number}: Lookup<T${number}>, lines: Sink<Lines>): void {
  for (const [key, row] of t${number}.entries()) lines.send(show(key) + "=" + show(row) + " " + tick.at);
}`;
}
