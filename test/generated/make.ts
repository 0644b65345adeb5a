/** Makes up a pipeline, and what happens to it. The same seed gives the same. */
import type { Random } from "../random.ts";
import type {
  Agent,
  Condition,
  Content,
  Field,
  FieldType,
  Figure,
  Happening,
  Input,
  Pipeline,
  Step,
  TableModel,
  Windows,
} from "./model.ts";
import { isBatch, isLoose, reads, startMs } from "./model.ts";
import { hasKey } from "./print.ts";
import { randomValue, scalars } from "./values.ts";

export function makePipeline(random: Random): Pipeline {
  const maker = new Maker(random);
  return maker.pipeline();
}

interface Around {
  readonly inputs: readonly Input[];
  readonly others: readonly Agent[];
}

interface Contents {
  readonly input: Input | undefined;
  readonly of: Figure;
  readonly isKeyed: boolean;
}

/** Where an agent's records come from: an input, both, or "tallies". */
type Source = Input | "both" | "tallies";

class Maker {
  readonly #random: Random;
  #agents = 0;
  #tables = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  pipeline(): Pipeline {
    const random = this.#random;
    const inputs = this.#inputs();
    const agents: Agent[] = [];
    for (const input of inputs) {
      const count = 1 + random.int(3);
      for (let made = 0; made < count; made += 1) agents.push(this.#agent(input, inputs, agents));
    }
    const [one, other] = inputs;
    // Where topics are merged, it is not certain which records are late.
    const isTimeless = agents.every(({ tables }) => tables.every(({ windows }) => !windows));
    if (one && other && areAlike(one, other) && isTimeless)
      agents.push(this.#agent("both", inputs, agents));
    const sendsTallies = agents.some((agent) => sent(agent).includes("tallies"));
    if (sendsTallies && random.chance(0.5)) agents.push(this.#agent("tallies", inputs, agents));
    const tables = agents
      .flatMap((agent) => agent.tables)
      .filter(({ kind }) => kind === "count" || kind === "value");
    return {
      inputs,
      agents,
      reports: tables.filter(() => random.chance(0.3)),
      hasBeat: random.chance(0.2),
      hasStart: random.chance(0.2),
    };
  }

  #inputs(): readonly Input[] {
    const random = this.#random;
    const first = this.#input(0);
    if (random.chance(0.5)) return [first];
    const second = this.#input(1);
    if (random.chance(0.4)) return [first, second];
    // Two that a function can merge: records of both come in the order of their times.
    const alike = { key: "field", isUneven: false, isCompacted: false } as const;
    const { keyType, partitions } = first;
    return [
      { ...first, ...alike },
      { ...second, ...alike, keyType, partitions },
    ];
  }

  #input(number: number): Input {
    const random = this.#random;
    const key = random.pick(["field", "field", "function", "own", "none"] as const);
    const hasTime = random.chance(0.6);
    return {
      number,
      isUneven: hasTime && random.chance(0.6),
      key,
      keyType: random.pick(["string", "Int", "Long", "Uuid"] as const),
      hasTime,
      isCompacted: key === "own" && random.chance(0.6),
      format: random.pick(["avro", "avro", "json", "single-object", "bare"] as const),
      partitions: 1 + random.int(3),
      fields: Array.from({ length: random.int(6) }, (_, index) => this.#field(`f${index}`)),
    };
  }

  #field(name: string): Field {
    const type = this.#type(2);
    return { name, type, isOptional: type.kind !== "nullable" && this.#random.chance(0.2) };
  }

  #type(depth: number): FieldType {
    const random = this.#random;
    if (depth === 0 || random.chance(0.5)) return { kind: "scalar", text: random.pick(scalars) };
    const kind = random.pick(["symbols", "array", "map", "nullable", "part"] as const);
    if (kind === "symbols")
      return { kind, symbols: ["red", "green", "blue"].slice(0, 1 + random.int(3)) };
    // A record inside is declared once, so it holds no other.
    const inner = this.#type(kind === "part" ? 0 : depth - 1);
    // A union has no union in it.
    if (kind === "nullable" && inner.kind === "nullable") return inner;
    return { kind, of: inner };
  }

  #agent(from: Source, inputs: readonly Input[], others: readonly Agent[]): Agent {
    const random = this.#random;
    const isInput = from !== "tallies" && from !== "both";
    const groupBy =
      isInput && random.chance(0.25) ? random.pick(["field", "function"] as const) : undefined;
    const streams = [
      "stream",
      "stream events",
      ...(isInput && from.key !== "none" ? (["stream items"] as const) : []),
    ] as const;
    const batches = ["batch", "batch events"] as const;
    const several = random.pick(isInput && random.chance(0.4) ? batches : streams);
    const trigger =
      from === "both" ? "event" : random.pick(["each", "each", "event", several] as const);
    // Of a key that a function works out the compiler does not know that it is the record's own.
    const isByField = groupBy !== "function" && !(isInput && from.key === "function");
    const isSingle = trigger === "each" || trigger === "event";
    const hasLanes = isByField && isSingle && from !== "both" && random.chance(0.15);
    const base: Agent = {
      number: this.#agents++,
      from: isInput ? from.number : from,
      trigger,
      ...(groupBy !== undefined && { groupBy }),
      onError: random.pick(["stop", "stop", "stop", "skip", "dead"] as const),
      keepsLate: false,
      hasLanes,
      isAsync: hasLanes || random.chance(0.2),
      hasAlias: random.chance(0.5),
      isArrow: random.chance(0.2),
      steps: [],
      tables: [],
      lookups: [],
    };
    return this.#filled(base, { inputs, others });
  }

  #filled(base: Agent, { inputs, others }: Around): Agent {
    const random = this.#random;
    const input = inputs.find(({ number }) => number === base.from);
    const isKeyed = hasKey(base, inputs);
    const isMixed = isLoose(base);
    const tables: TableModel[] = [];
    const steps: Step[] = [];
    if (random.chance(0.3)) steps.push({ do: "skip", when: this.#condition() });
    // With lanes, nothing may happen to a record that could change its key.
    if (random.chance(0.15) && !base.hasLanes) steps.push({ do: "change" });
    if (isKeyed) this.#writes(base, tables, steps);
    // What waits handles its records later than others do.
    const looks = isKeyed && !isMixed && !waits(base);
    const lookups = looks ? this.#lookups(base, others) : [];
    steps.push(...lookups.map(({ number }) => ({ do: "look", table: number }) as const));
    // In any order, only what a table comes to in the end is certain.
    const of = random.pick(isMixed ? (["n"] as const) : figuresOf(steps));
    const contents = this.#contents(base, { input, of, isKeyed });
    for (const content of contents) if (random.chance(0.4)) steps.push({ do: "send", content });
    steps.push(...this.#endings(base, input, isMixed));
    const returns = this.#returns(base, contents);
    const keepsLate = tables.some(({ kind }) => kind === "windows") && random.chance(0.3);
    return { ...base, steps, tables, lookups, keepsLate, ...(returns && { returns }) };
  }

  #writes(base: Agent, tables: TableModel[], steps: Step[]): void {
    if (this.#random.chance(0.6)) this.#count(tables, steps);
    if (!waits(base) && base.from !== "both") this.#window(base, tables, steps);
    if (!base.hasLanes && base.from !== "tallies") this.#collect(base, tables, steps);
    if (!isLoose(base)) this.#keep(tables, steps);
  }

  #count(tables: TableModel[], steps: Step[]): void {
    const random = this.#random;
    const table = this.#tables++;
    tables.push({ number: table, kind: "count", hasDefault: random.chance(0.5) });
    steps.push({ do: "count", table, add: random.pick(["one", "n"] as const) });
  }

  #window(base: Agent, tables: TableModel[], steps: Step[]): void {
    const random = this.#random;
    if (random.chance(0.6)) return;
    const table = this.#tables++;
    const windows = this.#windows(isLoose(base));
    tables.push({ number: table, kind: "windows", hasDefault: random.chance(0.5), windows });
    steps.push({ do: "window", table, add: random.pick(["one", "n"] as const) });
  }

  #windows(isMixed: boolean): Windows {
    const random = this.#random;
    const [size = 0, advance = 0] = random.pick([
      [5000, 5000],
      [4000, 2000],
      [6000, 2000],
      [10_000, 5000],
    ]);
    const closed = random.pick(["no", "idle", "never"] as const);
    // Where records come in any order, it must not matter which of them are late.
    const hour = 3_600_000;
    if (isMixed) return { size, advance, grace: hour, expires: hour, closed };
    const [grace, expires] = [random.pick([0, 2000, 5000]), random.pick([0, 5000, 30_000])];
    return { size, advance, grace, expires, closed };
  }

  /** What is taken out again depends on the order. */
  #collect(base: Agent, tables: TableModel[], steps: Step[]): void {
    const random = this.#random;
    if (random.chance(0.8)) return;
    const table = this.#tables++;
    tables.push({ number: table, kind: "set", hasDefault: false });
    steps.push({ do: "add", table });
    const removes = !isLoose(base) && random.chance(0.5);
    if (removes) steps.push({ do: "remove", table, when: this.#condition() });
  }

  #keep(tables: TableModel[], steps: Step[]): void {
    const random = this.#random;
    if (random.chance(0.7)) return;
    const table = this.#tables++;
    tables.push({ number: table, kind: "value", hasDefault: false });
    steps.push({ do: "keep", table });
    if (random.chance(0.4)) steps.push({ do: "drop", table, when: this.#condition() });
  }

  #endings(base: Agent, input: Input | undefined, isMixed: boolean): readonly Step[] {
    const random = this.#random;
    const isEvent = base.trigger === "event" || base.trigger === "stream events";
    const forwards = isEvent && input !== undefined && !isMixed && random.chance(0.2);
    const kind = isEvent && random.chance(0.5) ? "reject" : "fail";
    return [
      ...(forwards ? [{ do: "forward" } as const] : []),
      ...(base.onError !== "stop" ? [{ do: kind, when: this.#condition() } as const] : []),
    ];
  }

  #returns(base: Agent, contents: readonly Content[]): Agent["returns"] {
    const random = this.#random;
    const content = random.pick(contents);
    if (isBatch(base)) return undefined;
    if (content.to === "latest" || random.chance(0.5)) return undefined;
    const isStream = base.trigger.startsWith("stream");
    const as = isStream ? "generator" : random.pick(["value", "list", "generator"] as const);
    return { content, as };
  }

  #lookups(base: Agent, others: readonly Agent[]): readonly TableModel[] {
    const candidates = others
      .filter((other) => other.from === base.from && !isLoose(other) && !waits(other))
      .flatMap(({ tables }) => tables.filter(({ kind }) => kind === "count"));
    const found = candidates.length > 0 && this.#random.chance(0.5);
    return found ? [this.#random.pick(candidates)] : [];
  }

  #contents(base: Agent, { input, of, isKeyed }: Contents): readonly Content[] {
    const random = this.#random;
    const names = [
      base.hasLanes ? ".n" : "",
      ".k",
      ".n",
      ...(input?.fields.map(({ name }) => `.${name}`) ?? []),
    ];
    const fields = Array.from({ length: 1 + random.int(3) }, () => random.pick(names));
    const keyed: readonly Content[] = [
      { to: "tallies", of },
      // A tombstone has the time of its input, and in a batch that is the last one's.
      { to: "latest", of: random.chance(0.2) && !isBatch(base) ? "nothing" : of },
    ];
    const isInput = input !== undefined;
    return [
      { to: "lines", fields },
      ...(base.from !== "tallies" && isKeyed ? keyed : []),
      ...(isInput && input.key !== "own" ? [{ to: "same" } as const] : []),
    ];
  }

  #condition(): Condition {
    const divisor = 2 + this.#random.int(4);
    return { divisor, rest: this.#random.int(divisor) };
  }
}

/** Whether both can be merged by a function that writes tables. */
function areAlike(one: Input, other: Input): boolean {
  const isSame = one.keyType === other.keyType && one.partitions === other.partitions;
  return isSame && [one, other].every(({ isUneven, key }) => key === "field" && !isUneven);
}

const waits = (agent: Agent): boolean => isBatch(agent) || agent.hasLanes;

function figuresOf(steps: readonly Step[]): readonly Figure[] {
  const figures = steps.flatMap((step): Figure[] => {
    if (step.do === "add") return ["size"];
    return step.do === "count" || step.do === "look" || step.do === "window" ? [step.do] : [];
  });
  return ["n", ...figures];
}

function sent({ returns, steps }: Agent): readonly string[] {
  const contents = steps.flatMap((step) => (step.do === "send" ? [step.content] : []));
  return [...contents, ...(returns === undefined ? [] : [returns.content])].map(({ to }) => to);
}

/** Records of a few keys, each a second after the one before. */
export function makeHappenings(random: Random, { inputs, agents }: Pipeline): readonly Happening[] {
  const read = inputs.filter(({ number }) => agents.some((agent) => reads(agent, number)));
  return Array.from({ length: 12 + random.int(20) }, (_, index) => {
    const input = random.pick(read);
    const at = startMs + (index + 1) * 1000 + (input.isUneven ? random.pick(delays) : 0);
    const keys = { string: ["ann", "bob", "€"], Int: [1, -2, 3], Long: [1n, -2n, 3n], Uuid: uuids };
    const k = random.pick<unknown>(keys[input.keyType]);
    const key = input.key === "own" ? k : undefined;
    if (input.isCompacted && random.chance(0.2))
      return { input: input.number, at, key, value: null };
    const value: Record<string, unknown> = {
      k,
      g: random.pick(["a", "b", "c"]),
      n: random.int(20),
      at: new Date(at),
    };
    for (const { name, type, isOptional } of input.fields) {
      if (!(isOptional && random.chance(0.4))) value[name] = randomValue(type, random);
    }
    return { input: input.number, at, key, value };
  });
}

/** Late by a little and by a lot; ahead by as much as counts, and by more. */
const delays = [0, 0, 0, 0, 0, 0, 0, -2000, -2500, -7000, -60_000, 3000, 12_000, 7_200_000];

const uuids = [1, 2, 3].map((number) => `00000000-0000-4000-8000-00000000000${number}`);
