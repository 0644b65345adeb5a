/** What a pipeline means, worked out by a plain program: no bytes, no topics, no commits. */
import { Tasks } from "./interpret-tasks.ts";
import type {
  Agent,
  Condition,
  Content,
  Figure,
  Happening,
  Input,
  Pipeline,
  Step,
  TableModel,
} from "./model.ts";
import { reads, startMs } from "./model.ts";
import { show } from "./show.ts";

export interface Meaning {
  /** By topic, what each holds, as sorted texts. */
  readonly outputs: Readonly<Record<string, readonly string[]>>;
  /** By table, its rows, as sorted texts. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
  readonly skipped: number;
}

type Value = Readonly<Record<string, unknown>>;

/** A record on its way. */
export interface Moving {
  readonly from: number | "tallies";
  /** Of its topic. */
  readonly partition: number;
  readonly at: number;
  readonly key: unknown;
  readonly value: Value | null;
}

/** How often workers were started, and how far the clock was turned then. */
export interface Course {
  readonly starts: number;
  readonly advancedMs: number;
  /** Where each happening came to stand. */
  readonly partitions: readonly number[];
}

export function interpret(
  pipeline: Pipeline,
  happenings: readonly Happening[],
  course: Course,
): Meaning {
  const world = new World(pipeline);
  for (const [index, { at, input, key, value }] of happenings.entries()) {
    world.happen({ at, from: input, key, value, partition: course.partitions[index] ?? 0 });
  }
  return world.end(course);
}

class World {
  readonly #pipeline: Pipeline;
  readonly #outputs = new Map<string, string[]>();
  readonly #tables = new Map<number, Map<string, readonly [unknown, unknown]>>();
  readonly #tasks: Tasks;
  #skipped = 0;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
    this.#tasks = new Tasks(pipeline);
    for (const { number } of pipeline.agents.flatMap(({ tables }) => tables))
      this.#tables.set(number, new Map());
  }

  happen(record: Moving): void {
    this.#tasks.arrive(record);
    const { value } = record;
    if (value === null) return;
    for (const agent of this.#pipeline.agents) {
      const isFor = reads(agent, record.from) && !this.#tasks.isLate(agent, record);
      if (isFor) this.#try(agent, { ...record, value });
    }
  }

  #try(agent: Agent, record: Moving & { readonly value: Value }): void {
    const attempt = new Attempt(agent, record, {
      input: this.#input(agent),
      rows: (table) => this.#rows(table),
      tasks: this.#tasks,
    });
    if (attempt.run()) this.#done(attempt, record.at);
    else if (agent.onError === "dead") {
      this.#put("dead", shownDeadLetter(`agent${agent.number}`, record.at));
    } else this.#skipped += 1;
  }

  #done({ sent, windowed, written }: Attempt, at: number): void {
    for (const write of windowed) write();
    for (const [table, changes] of written) this.#write(table, changes);
    for (const { topic, key, value } of sent) this.#emit(topic, { key, value, at });
  }

  end({ advancedMs, starts }: Course): Meaning {
    const { agents, hasBeat, hasStart, reports } = this.#pipeline;
    const line = (value: string, at: number): void => this.#emit("lines", { key: null, value, at });
    for (let at = 5000; hasBeat && at <= advancedMs; at += 5000)
      line(`beat ${startMs + at}`, startMs + at);
    for (let start = 0; hasStart && start < starts; start += 1) line("start app", startMs);
    for (let after = 10_000; after <= advancedMs; after += 10_000) {
      const at = startMs + after;
      for (const { number } of reports) {
        for (const [key, row] of this.#rows(number).values())
          line(`${show(key)}=${show(row)} ${at}`, at);
      }
    }
    for (const { agent, key, start, table, value } of this.#tasks.close()) {
      const end = start + (table.windows?.size ?? 0);
      if (agent) line(`closed ${show(key)}=${show(value)} ${start}-${end}`, end - 1);
    }
    const tables = agents.flatMap((agent) => agent.tables);
    return {
      outputs: Object.fromEntries(
        [...this.#outputs].map(([topic, texts]) => [topic, texts.sort()]),
      ),
      rows: Object.fromEntries(tables.map((table) => [`t${table.number}`, this.#shownRows(table)])),
      skipped: this.#skipped,
    };
  }

  #shownRows({ kind, number }: TableModel): readonly string[] {
    if (kind === "windows") return this.#tasks.shownRows(number);
    if (kind === "set") return [...this.#rows(number).values()].flatMap(shownElements).sort();
    return [...this.#rows(number).values()].map(([key, row]) => `${show(key)} ${show(row)}`).sort();
  }

  #input({ from }: Agent): Input | undefined {
    return this.#pipeline.inputs.find(({ number }) => number === from);
  }

  #rows(table: number): Map<string, readonly [unknown, unknown]> {
    return this.#tables.get(table) ?? new Map();
  }

  #write(table: number, changes: ReadonlyMap<string, readonly [unknown, unknown]>): void {
    for (const [name, [key, value]] of changes) {
      if (value === undefined) this.#rows(table).delete(name);
      else this.#rows(table).set(name, [key, value]);
    }
  }

  #put(topic: string, text: string): void {
    const texts = this.#outputs.get(topic) ?? [];
    this.#outputs.set(topic, texts);
    texts.push(text);
  }

  #emit(
    topic: string,
    { key, value, at }: { readonly key: unknown; readonly value: unknown; readonly at: number },
  ): void {
    this.#put(topic, shownRecord(key, value, at));
    if (topic !== "tallies") return;
    this.happen({
      from: "tallies",
      partition: 0,
      at,
      key,
      value: Object.fromEntries(Object.entries(value ?? {})),
    });
  }
}

/** By the agent that gave a record up, and the record's time. */
export const shownDeadLetter = (agent: string, at: number): string => `${agent} @${at}`;

const shownElements = ([key, elements]: readonly [unknown, unknown]): readonly string[] =>
  elements instanceof Set ? [...elements].map((element) => `${show(key)} ${show(element)}`) : [];

export function shownRecord(key: unknown, value: unknown, at: number): string {
  return `${show(key)} ${show(value)} @${at}`;
}

type RowsOf = (table: number) => ReadonlyMap<string, readonly [unknown, unknown]>;

interface Around {
  readonly input: Input | undefined;
  readonly rows: RowsOf;
  readonly tasks: Tasks;
}

/** One agent with one record: what it writes and sends, unless it fails. */
class Attempt {
  /** Writes to windows. */
  readonly windowed: (() => void)[] = [];
  readonly written = new Map<number, Map<string, readonly [unknown, unknown]>>();
  readonly sent: { readonly topic: string; readonly key: unknown; readonly value: unknown }[] = [];
  readonly #agent: Agent;
  readonly #input: Input | undefined;
  readonly #original: Value;
  readonly #rows: RowsOf;
  readonly #key: unknown;
  readonly #tasks: Tasks;
  readonly #record: Moving;
  #value: Value;
  readonly #figures = new Map<Figure, unknown>();

  constructor(agent: Agent, record: Moving & { readonly value: Value }, around: Around) {
    const { input, rows, tasks } = around;
    this.#agent = agent;
    this.#tasks = tasks;
    this.#record = record;
    this.#input = input;
    this.#rows = rows;
    this.#value = record.value;
    this.#original = record.value;
    this.#key = keyOf(agent, input, record);
  }

  /** False where the record is left out. */
  run(): boolean {
    for (const step of this.#agent.steps) {
      const next = this.#step(step);
      if (next === "leave") return true;
      if (next === "fail") return false;
    }
    const { returns } = this.#agent;
    if (returns === undefined) return true;
    this.#send(returns.content);
    if (returns.as === "list") this.#send(returns.content);
    return true;
  }

  #step(step: Step): "leave" | "fail" | undefined {
    const holds = (when: Condition): boolean =>
      Number(this.#value["n"]) % when.divisor === when.rest;
    switch (step.do) {
      case "skip":
        return holds(step.when) ? "leave" : undefined;
      case "fail":
      case "reject":
        return holds(step.when) ? "fail" : undefined;
      case "change":
        this.#value = { ...this.#value, n: Number(this.#value["n"]) + 1 };
        return undefined;
      case "count":
        this.#figures.set("count", Number(this.#get(step.table) ?? 0) + this.#by(step.add));
        this.#set(step.table, this.#figures.get("count"));
        return undefined;
      case "window":
        this.#window(step.table, this.#by(step.add));
        return undefined;
      case "add":
        this.#elements(step.table, (elements) => elements.add(this.#value["g"]));
        return undefined;
      case "remove":
        if (holds(step.when)) {
          this.#elements(step.table, (elements) => elements.delete(this.#value["g"]));
        }
        return undefined;
      case "look":
        this.#figures.set("look", this.#get(step.table) ?? this.#missing());
        return undefined;
      case "keep":
        this.#set(step.table, this.#value);
        return undefined;
      case "drop":
        if (holds(step.when)) this.#set(step.table, undefined);
        return undefined;
      case "forward":
        this.#put("same", { key: this.#sameKey(), value: this.#original });
        return undefined;
      case "send":
        this.#send(step.content);
        return undefined;
    }
  }

  #send(content: Content): void {
    const n = (of: Figure): unknown => (of === "n" ? this.#value["n"] : this.#figures.get(of));
    const k = show(this.#key);
    if (content.to === "lines") {
      const part = (field: string): unknown =>
        field === "" ? this.#value : this.#value[field.slice(1)];
      this.#put("lines", {
        key: null,
        value: content.fields.map((field) => show(part(field))).join(" "),
      });
    } else if (content.to === "same")
      this.#put("same", { key: this.#sameKey(), value: this.#value });
    else if (content.of === "nothing") this.#put("latest", { key: k, value: null });
    else this.#put(content.to, { key: k, value: { k, n: n(content.of) } });
  }

  #by(add: "one" | "n"): number {
    return add === "one" ? 1 : Number(this.#value["n"]);
  }

  #window(table: number, by: number): void {
    const found = this.#tasks.windows(this.#agent, table, this.#record);
    this.#figures.set("window", found.shown(this.#key) + by);
    this.windowed.push(() => found.add(this.#key, by));
  }

  #elements(table: number, change: (elements: Set<unknown>) => void): void {
    const before = this.#get(table);
    const elements = new Set(before instanceof Set ? before : []);
    change(elements);
    this.#figures.set("size", this.#figures.get("size") ?? elements.size);
    this.#set(table, elements);
  }

  #missing(): number {
    return this.#agent.lookups[0]?.hasDefault === true ? 0 : -1;
  }

  #put(to: string, record: { readonly key: unknown; readonly value: unknown }): void {
    this.sent.push({ topic: to === "same" ? `same${this.#agent.from}` : to, ...record });
  }

  #sameKey(): unknown {
    const { key } = this.#input ?? { key: "none" };
    if (key === "own") return this.#key;
    return key === "none"
      ? null
      : key === "field"
        ? this.#original["k"]
        : `key ${show(this.#original["k"])}`;
  }

  #get(table: number): unknown {
    const name = show(this.#key);
    const staged = this.written.get(table)?.get(name);
    return staged === undefined ? this.#rows(table).get(name)?.[1] : staged[1];
  }

  #set(table: number, value: unknown): void {
    const changes = this.written.get(table) ?? new Map<string, readonly [unknown, unknown]>();
    this.written.set(table, changes.set(show(this.#key), [this.#key, value]));
  }
}

export function keyOf(
  { from, groupBy }: Agent,
  input: Input | undefined,
  { key, value }: { readonly key: unknown; readonly value: Value },
): unknown {
  const { g, k } = value;
  if (groupBy === "field") return g;
  if (groupBy === "function") return `${g}${g}`;
  if (from === "tallies" || from === "both" || input?.key === "field") return k;
  if (input?.key === "own") return key;
  return input?.key === "function" ? `key ${show(k)}` : "none";
}
