/** Makes up a pipeline, and what happens to it. The same seed gives the same. */
import type { Random } from "../random.ts";
import type {
  Agent,
  Condition,
  Content,
  Field,
  FieldType,
  Happening,
  Input,
  Pipeline,
  Step,
  TableModel,
} from "./model.ts";
import { startMs } from "./model.ts";
import { hasKey } from "./print.ts";
import { randomValue, scalars } from "./values.ts";

export function makePipeline(random: Random): Pipeline {
  const maker = new Maker(random);
  return maker.pipeline();
}

type Number = "n" | "count" | "look";

interface Around {
  readonly inputs: readonly Input[];
  readonly others: readonly Agent[];
}

interface Contents {
  readonly input: Input | undefined;
  readonly of: Number;
  readonly isKeyed: boolean;
}

class Maker {
  readonly #random: Random;
  #agents = 0;
  #tables = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  pipeline(): Pipeline {
    const random = this.#random;
    const inputs = Array.from({ length: 1 + random.int(2) }, (_, number) => this.#input(number));
    const agents: Agent[] = [];
    for (const input of inputs) {
      const count = 1 + random.int(3);
      for (let made = 0; made < count; made += 1) agents.push(this.#agent(input, inputs, agents));
    }
    const sendsTallies = agents.some((agent) => sent(agent).includes("tallies"));
    if (sendsTallies && random.chance(0.5)) agents.push(this.#agent("tallies", inputs, agents));
    const tables = agents.flatMap((agent) => agent.tables);
    return {
      inputs,
      agents,
      reports: tables.filter(() => random.chance(0.3)),
      hasBeat: random.chance(0.2),
      hasStart: random.chance(0.2),
    };
  }

  #input(number: number): Input {
    const random = this.#random;
    const key = random.pick(["field", "field", "function", "own", "none"] as const);
    return {
      number,
      key,
      keyType: random.pick(["string", "Int", "Long", "Uuid"] as const),
      hasTime: random.chance(0.6),
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

  #agent(from: Input | "tallies", inputs: readonly Input[], others: readonly Agent[]): Agent {
    const random = this.#random;
    const isInput = from !== "tallies";
    const groupBy =
      isInput && random.chance(0.25) ? random.pick(["field", "function"] as const) : undefined;
    const streams = [
      "stream",
      "stream events",
      ...(isInput && from.key !== "none" ? (["stream items"] as const) : []),
    ] as const;
    const trigger = random.pick(["each", "each", "event", random.pick(streams)] as const);
    const base: Agent = {
      number: this.#agents++,
      from: isInput ? from.number : from,
      trigger,
      ...(groupBy !== undefined && { groupBy }),
      onError: random.chance(0.3) ? "skip" : "stop",
      isAsync: random.chance(0.2),
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
    // What comes from several partitions comes in any order.
    const isLoose = base.groupBy !== undefined || input === undefined;
    const tables: TableModel[] = [];
    const steps: Step[] = [];
    if (random.chance(0.3)) steps.push({ do: "skip", when: this.#condition() });
    if (random.chance(0.15)) steps.push({ do: "change" });
    const counts = isKeyed && random.chance(0.6);
    if (counts) this.#count(tables, steps);
    const isOrdered = isKeyed && !isLoose;
    if (isOrdered) this.#keep(tables, steps);
    const lookups = isOrdered ? this.#lookups(base, others) : [];
    steps.push(...lookups.map(({ number }) => ({ do: "look", table: number }) as const));
    // In any order, only what a table comes to in the end is certain.
    const numbers: readonly Number[] = isLoose ? ["n"] : numbersOf(counts, lookups);
    const of = random.pick(numbers);
    const contents = this.#contents(base, { input, of, isKeyed });
    for (const content of contents) if (random.chance(0.4)) steps.push({ do: "send", content });
    steps.push(...this.#endings(base, input, isLoose));
    const returns = this.#returns(base, contents);
    return { ...base, steps, tables, lookups, ...(returns && { returns }) };
  }

  #count(tables: TableModel[], steps: Step[]): void {
    const random = this.#random;
    const table = this.#tables++;
    tables.push({ number: table, kind: "count", hasDefault: random.chance(0.5) });
    steps.push({ do: "count", table, add: random.pick(["one", "n"] as const) });
  }

  #keep(tables: TableModel[], steps: Step[]): void {
    const random = this.#random;
    if (random.chance(0.7)) return;
    const table = this.#tables++;
    tables.push({ number: table, kind: "value", hasDefault: false });
    steps.push({ do: "keep", table });
    if (random.chance(0.4)) steps.push({ do: "drop", table, when: this.#condition() });
  }

  #endings(base: Agent, input: Input | undefined, isLoose: boolean): readonly Step[] {
    const random = this.#random;
    const isEvent = base.trigger === "event" || base.trigger === "stream events";
    const forwards = isEvent && input !== undefined && !isLoose && random.chance(0.2);
    const kind = isEvent && random.chance(0.5) ? "reject" : "fail";
    return [
      ...(forwards ? [{ do: "forward" } as const] : []),
      ...(base.onError === "skip" ? [{ do: kind, when: this.#condition() } as const] : []),
    ];
  }

  #returns(base: Agent, contents: readonly Content[]): Agent["returns"] {
    const random = this.#random;
    const content = random.pick(contents);
    if (content.to === "latest" || random.chance(0.5)) return undefined;
    const isStream = base.trigger.startsWith("stream");
    const as = isStream ? "generator" : random.pick(["value", "list", "generator"] as const);
    return { content, as };
  }

  #lookups(base: Agent, others: readonly Agent[]): readonly TableModel[] {
    const candidates = others
      .filter(({ from, groupBy }) => from === base.from && groupBy === undefined)
      .flatMap(({ tables }) => tables.filter(({ kind }) => kind === "count"));
    const found = candidates.length > 0 && this.#random.chance(0.5);
    return found ? [this.#random.pick(candidates)] : [];
  }

  #contents(base: Agent, { input, of, isKeyed }: Contents): readonly Content[] {
    const random = this.#random;
    const names = ["", ".k", ".n", ...(input?.fields.map(({ name }) => `.${name}`) ?? [])];
    const fields = Array.from({ length: 1 + random.int(3) }, () => random.pick(names));
    const keyed: readonly Content[] = [
      { to: "tallies", of },
      { to: "latest", of: random.chance(0.2) ? "nothing" : of },
    ];
    const isInput = base.from !== "tallies";
    return [
      { to: "lines", fields },
      ...(isInput && isKeyed ? keyed : []),
      ...(isInput && input?.key !== "own" ? [{ to: "same" } as const] : []),
    ];
  }

  #condition(): Condition {
    const divisor = 2 + this.#random.int(4);
    return { divisor, rest: this.#random.int(divisor) };
  }
}

function numbersOf(counts: boolean, lookups: readonly TableModel[]): readonly Number[] {
  return [
    "n",
    ...(counts ? (["count"] as const) : []),
    ...(lookups.length > 0 ? (["look"] as const) : []),
  ];
}

function sent({ returns, steps }: Agent): readonly string[] {
  const contents = steps.flatMap((step) => (step.do === "send" ? [step.content] : []));
  return [...contents, ...(returns === undefined ? [] : [returns.content])].map(({ to }) => to);
}

/** Records of a few keys, each a second after the one before. */
export function makeHappenings(random: Random, { inputs }: Pipeline): readonly Happening[] {
  return Array.from({ length: 12 + random.int(20) }, (_, index) => {
    const input = random.pick(inputs);
    const at = startMs + (index + 1) * 1000;
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

const uuids = [1, 2, 3].map((number) => `00000000-0000-4000-8000-00000000000${number}`);
