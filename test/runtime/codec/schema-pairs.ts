/** Random schemas as JSON, readers that have evolved from them, and values as avsc has them. */
import type { Random } from "../../random.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

const numbers = ["int", "long", "float", "double"];
const primitives = ["null", "boolean", "string", "bytes", ...numbers];

/** Makes schemas whose unions hold at most one number and one text: readers then have one choice. */
export class Schemas {
  readonly #random: Random;
  #names = 0;
  /** Records that are being made, which may hold themselves. */
  readonly #open: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  record(depth = 3): JsonObject {
    const name = this.#name("Record");
    this.#open.push(name);
    const count = this.#random.int(5);
    const fields = Array.from({ length: count }, (_, index) => this.field(`f${index}`, depth - 1));
    this.#open.pop();
    return { type: "record", name: `test.${name}`, fields };
  }

  field(name: string, depth: number): JsonObject {
    return { name, type: this.type(depth) };
  }

  type(depth: number): Json {
    const random = this.#random;
    if (depth <= 0 || random.chance(0.35)) return random.pick(primitives);
    switch (random.int(7)) {
      case 0:
        return { type: "array", items: this.type(depth - 1) };
      case 1:
        return { type: "map", values: this.type(depth - 1) };
      case 2:
        return this.record(depth - 1);
      case 3:
        return this.enumeration();
      case 4:
        return { type: "fixed", name: `test.${this.#name("Fixed")}`, size: random.int(5) };
      default:
        return this.union(depth - 1);
    }
  }

  enumeration(): JsonObject {
    const symbols = ["A", "B", "C", "D"].slice(0, 1 + this.#random.int(4));
    return { type: "enum", name: `test.${this.#name("Enum")}`, symbols };
  }

  union(depth: number): Json {
    const random = this.#random;
    const own = this.#open.at(-1);
    const hasNull = random.chance(0.6);
    const branches: Json[] = [
      ...(hasNull ? ["null"] : []),
      ...(random.chance(0.4) ? [random.pick(numbers)] : []),
      ...(random.chance(0.4) ? [random.pick(["string", "bytes"])] : []),
      ...(random.chance(0.2) ? ["boolean"] : []),
      ...(random.chance(0.3) ? [{ type: "array", items: this.type(depth - 1) }] : []),
      ...(random.chance(0.3) ? [this.record(depth - 1)] : []),
      // Only beside null, or no value would ever end.
      ...(hasNull && own !== undefined && random.chance(0.4) ? [`test.${own}`] : []),
    ];
    return branches.length === 0 ? ["null", "boolean"] : random.shuffle(branches);
  }

  /** A reader's schema that came from `schema` by a few changes, mostly ones that may be made. */
  evolved(schema: Json): Json {
    const random = this.#random;
    if (typeof schema === "string") return this.#otherPrimitive(schema);
    if (isList(schema)) return this.#otherUnion(schema);
    if (schema === null || typeof schema !== "object") return schema;
    if (random.chance(0.04)) return ["null", schema];
    switch (schema["type"]) {
      case "array":
        return { ...schema, items: this.evolved(schema["items"] ?? "null") };
      case "map":
        return { ...schema, values: this.evolved(schema["values"] ?? "null") };
      case "record":
        return this.#otherRecord(schema);
      case "enum":
        return this.#otherEnum(schema);
      default:
        return random.chance(0.05) ? { ...schema, size: 7 } : schema;
    }
  }

  #otherPrimitive(type: string): Json {
    const random = this.#random;
    if (random.chance(0.03)) return random.pick(primitives);
    const place = numbers.indexOf(type);
    if (place >= 0 && random.chance(0.3)) return random.pick(numbers.slice(place));
    if (type === "string" && random.chance(0.2)) return "bytes";
    if (primitives.includes(type) && type !== "null" && random.chance(0.1)) return ["null", type];
    return type;
  }

  #otherUnion(branches: readonly Json[]): Json {
    const random = this.#random;
    const kept = branches.filter(() => !random.chance(0.05)).map((branch) => this.#inUnion(branch));
    if (kept.length === 0 || random.chance(0.05)) return kept[0] ?? "null";
    return random.chance(0.4) ? random.shuffle(kept) : kept;
  }

  /** A branch may change, but not become a union, nor a type that is there already. */
  #inUnion(branch: Json): Json {
    if (typeof branch === "string") {
      const place = numbers.indexOf(branch);
      return place >= 0 && this.#random.chance(0.3)
        ? this.#random.pick(numbers.slice(place))
        : branch;
    }
    const changed = this.evolved(branch);
    return isList(changed) ? branch : changed;
  }

  #otherRecord(schema: JsonObject): Json {
    const random = this.#random;
    const fields: Json[] = [];
    for (const field of list(schema["fields"])) {
      if (!isObject(field) || random.chance(0.1)) continue;
      const type = this.evolved(field["type"] ?? "null");
      const isRenamed = random.chance(0.1);
      const name = String(field["name"]);
      fields.push(
        isRenamed ? { name: `${name}New`, aliases: ["x", name], type } : { ...field, type },
      );
    }
    if (random.chance(0.4)) fields.push({ name: "added", ...this.#added() });
    const own = String(schema["name"]);
    const named = random.chance(0.1) ? { name: `${own}New`, aliases: [own] } : { name: own };
    return {
      ...schema,
      ...(isReferred(schema, own) ? { name: own } : named),
      fields: random.chance(0.4) ? random.shuffle(fields) : fields,
    };
  }

  #added(): JsonObject {
    return this.#random.pick<JsonObject>([
      { type: "int", default: -7 },
      { type: "long", default: 4_294_967_296 },
      { type: "string", default: "dé" },
      { type: "double", default: 0.5 },
      { type: "boolean", default: true },
      { type: "bytes", default: "\u00ff\u0001" },
      { type: ["null", "string"], default: null },
      { type: { type: "array", items: "int" }, default: [1, 2, 300] },
      { type: { type: "map", values: "string" }, default: { k: "v" } },
      {
        type: { type: "enum", name: `test.${this.#name("E")}`, symbols: ["P", "Q"] },
        default: "Q",
      },
      { type: "string" },
    ]);
  }

  #otherEnum(schema: JsonObject): Json {
    const random = this.#random;
    const symbols = list(schema["symbols"]);
    const kept = random.chance(0.3) ? symbols.slice(0, -1) : symbols;
    const others = random.shuffle([...kept, ...(random.chance(0.3) ? ["Z"] : [])]);
    if (others.length === 0) return schema;
    const fallback = random.chance(0.4) ? { default: others[0] ?? "" } : {};
    return { ...schema, symbols: others, ...fallback };
  }

  #name(stem: string): string {
    this.#names += 1;
    return `${stem}${this.#names}`;
  }
}

/** Makes values for a schema as avsc wants them, with unions wrapped. */
export class Values {
  readonly #random: Random;
  readonly #named: Map<string, JsonObject> = new Map();

  constructor(random: Random, schema: Json) {
    this.#random = random;
    this.#collect(schema);
  }

  of(schema: Json, depth = 4): unknown {
    if (isList(schema)) return this.#branch(schema, depth);
    const named = typeof schema === "string" ? this.#named.get(schema) : undefined;
    const type = named ?? schema;
    if (typeof type === "string") return this.#primitive(type);
    if (!isObject(type)) throw new Error("no schema");
    return this.#complex(type, depth - 1);
  }

  #complex(type: JsonObject, depth: number): unknown {
    const random = this.#random;
    const length = depth <= 0 ? 0 : random.int(4);
    switch (type["type"]) {
      case "array":
        return Array.from({ length }, () => this.of(type["items"] ?? "null", depth));
      case "map":
        return Object.fromEntries(
          Array.from({ length }, (_, index) => [
            `k${index}`,
            this.of(type["values"] ?? "null", depth),
          ]),
        );
      case "enum":
        return random.pick(list(type["symbols"]));
      case "fixed":
        return random.bytes(Number(type["size"]));
      default:
        return Object.fromEntries(
          list(type["fields"])
            .filter(isObject)
            .map((field) => [String(field["name"]), this.of(field["type"] ?? "null", depth)]),
        );
    }
  }

  #branch(branches: readonly Json[], depth: number): unknown {
    // The first that ends, where it gets deep.
    const flat = branches.find((branch) => typeof branch === "string" && !this.#named.has(branch));
    const branch = depth <= 0 && flat !== undefined ? flat : this.#random.pick(branches);
    if (branch === "null") return null;
    return { [nameOf(branch)]: this.of(branch, depth - 1) };
  }

  #primitive(type: string): unknown {
    const random = this.#random;
    switch (type) {
      case "null":
        return null;
      case "boolean":
        return random.chance(0.5);
      case "int":
        return random.pick([0, 1, -1, 2_147_483_647, -2_147_483_648, random.int(1000)]);
      case "long":
        return random.pick([0, -3, 4_294_967_297, -1_099_511_627_776, random.int(100_000)]);
      case "float":
        return Math.fround(random.int(1000) / 8);
      case "double":
        return random.int(1_000_000) / 7;
      case "bytes":
        return random.bytes(random.int(6));
      default:
        return random.pick(["", "a", "äöü", "😀", "x".repeat(70)]);
    }
  }

  #collect(schema: Json): void {
    if (isList(schema)) for (const branch of schema) this.#collect(branch);
    if (!isObject(schema)) return;
    if (typeof schema["name"] === "string") this.#named.set(schema["name"], schema);
    for (const inner of [schema["items"], schema["values"]]) this.#collect(inner ?? "null");
    for (const field of list(schema["fields"])) {
      if (isObject(field)) this.#collect(field["type"] ?? "null");
    }
  }
}

const nameOf = (branch: Json): string =>
  isObject(branch) ? String(branch["name"] ?? branch["type"]) : String(branch);

const list = (value: Json | undefined): readonly Json[] =>
  value !== undefined && isList(value) ? value : [];

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isReferred = (schema: JsonObject, name: string): boolean =>
  JSON.stringify(schema["fields"]).includes(`"${name}"`);
