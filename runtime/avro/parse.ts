import { StreamgenError } from "../errors.ts";
import { parseName, scopeOf } from "./names.ts";
import {
  type DefaultValue,
  type EnumSchema,
  type FieldSchema,
  type FixedSchema,
  isUnion,
  type NamedSchema,
  type Primitive,
  type PrimitiveSchema,
  type RecordSchema,
  type Schema,
  type TypeSchema,
  type UnionSchema,
} from "./schema.ts";

const textMax = 1024 * 1024;
/** How deep types may stand inside each other. */
const depthMax = 100;

/**
 * The schema that a text in JSON describes (Avro 1.12). Names become full names; `known` are types
 * that it may use without defining them. Throws SG5051 that names the place.
 */
export function parseSchema(
  text: string,
  known: ReadonlyMap<string, NamedSchema> = new Map(),
): Schema {
  if (text.length > textMax) {
    throw failure("", `it has ${text.length} characters, of ${textMax} that are allowed`);
  }
  return new Parser(known).schema(json(text), { path: "", namespace: "", depth: 0 });
}

/** Where a type stands. */
interface Place {
  readonly path: string;
  readonly namespace: string;
  readonly depth: number;
}

type Attributes = Readonly<Record<string, unknown>>;

class Parser {
  readonly #known: ReadonlyMap<string, NamedSchema>;
  readonly #defined: Set<string> = new Set();

  constructor(known: ReadonlyMap<string, NamedSchema>) {
    this.#known = known;
  }

  schema(value: unknown, place: Place): Schema {
    if (place.depth > depthMax)
      throw failure(place.path, `it is nested more than ${depthMax} deep`);
    if (typeof value === "string") return this.#reference(value, place);
    if (Array.isArray(value)) return this.#union(value, place);
    if (isObject(value)) return this.#type(value, place);
    throw failure(place.path, "a type is a name, a list or an object");
  }

  #reference(name: string, place: Place): Schema {
    if (isPrimitive(name)) return name;
    const full = name.includes(".") || place.namespace === "" ? name : `${place.namespace}.${name}`;
    // A name without a dot is first looked for in its own namespace.
    for (const candidate of [full, name]) {
      if (this.#defined.has(candidate)) return candidate;
      const found = this.#known.get(candidate);
      if (found !== undefined) return found;
    }
    throw failure(place.path, `"${name}" is no type`);
  }

  #union(list: readonly unknown[], place: Place): UnionSchema {
    const branches = list.map((branch, index) => this.schema(branch, inside(place, `[${index}]`)));
    const kinds = new Set<string>();
    for (const branch of branches) {
      if (isUnion(branch)) throw failure(place.path, "a union holds another union");
      const kind = kindOf(branch);
      if (kinds.has(kind)) throw failure(place.path, `a union holds "${kind}" twice`);
      kinds.add(kind);
    }
    return branches;
  }

  #type(attributes: Attributes, place: Place): Schema {
    const type = own(attributes, "type");
    switch (type) {
      case "record":
      case "error":
        return this.#record(attributes, place);
      case "enum":
        return this.#enum(attributes, place);
      case "fixed":
        return this.#fixed(attributes, place);
      case "array":
        return { type, items: this.schema(own(attributes, "items"), inside(place, "[]")) };
      case "map":
        return { type, values: this.schema(own(attributes, "values"), inside(place, "{}")) };
      default:
        if (isPrimitive(type)) return primitive(type, attributes);
        return this.schema(type, inside(place, ""));
    }
  }

  #record(attributes: Attributes, place: Place): RecordSchema {
    const named = this.#name(attributes, place);
    const list = own(attributes, "fields");
    if (!Array.isArray(list)) throw failure(place.path, `record "${named.name}" has no fields`);
    const namespace = scopeOf(named.name);
    const fields = list.map((field, index) =>
      this.#field(field, { ...inside(place, `.fields[${index}]`), namespace }),
    );
    if (new Set(fields.map(({ name }) => name)).size < fields.length) {
      throw failure(place.path, `record "${named.name}" has a field twice`);
    }
    return { type: "record", ...named, ...docOf(attributes), fields };
  }

  #field(field: unknown, place: Place): FieldSchema {
    if (!isObject(field)) throw failure(place.path, "a field is an object");
    const name = own(field, "name");
    if (typeof name !== "string" || name === "") throw failure(place.path, "a field has no name");
    const type = this.schema(own(field, "type"), { ...place, path: join(place.path, name) });
    const fallback = own(field, "default");
    const aliases = texts(own(field, "aliases"));
    const order = own(field, "order");
    return {
      name,
      ...docOf(field),
      type,
      // JSON has no other values than these.
      ...(fallback !== undefined && { default: fallback as DefaultValue }),
      ...(aliases.length > 0 && { aliases }),
      ...(isOrder(order) && { order }),
    };
  }

  #enum(attributes: Attributes, place: Place): EnumSchema {
    const named = this.#name(attributes, place);
    const symbols = own(attributes, "symbols");
    if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === "string")) {
      throw failure(place.path, `enum "${named.name}" has no symbols`);
    }
    if (new Set(symbols).size < symbols.length) {
      throw failure(place.path, `enum "${named.name}" has a symbol twice`);
    }
    const fallback = own(attributes, "default");
    const doc = docOf(attributes);
    if (fallback === undefined) return { type: "enum", ...named, ...doc, symbols };
    if (typeof fallback !== "string" || !symbols.includes(fallback)) {
      throw failure(place.path, `the default of enum "${named.name}" is none of its symbols`);
    }
    return { type: "enum", ...named, ...doc, symbols, default: fallback };
  }

  #fixed(attributes: Attributes, place: Place): FixedSchema {
    const named = this.#name(attributes, place);
    const size = own(attributes, "size");
    if (typeof size !== "number" || !Number.isInteger(size) || size < 0 || size > 0x7fffffff) {
      throw failure(place.path, `fixed "${named.name}" has no size`);
    }
    return { type: "fixed", ...named, size, ...logical(attributes) };
  }

  #name(
    attributes: Attributes,
    place: Place,
  ): { readonly name: string; readonly aliases?: readonly string[] } {
    const given = { name: own(attributes, "name"), namespace: own(attributes, "namespace") };
    const name = parseName(given, place.namespace);
    if (name === undefined || isPrimitive(name)) {
      throw failure(place.path, "a record, enum or fixed has no name that Avro takes");
    }
    if (this.#defined.has(name)) throw failure(place.path, `"${name}" is defined twice`);
    this.#defined.add(name);
    const scope = scopeOf(name);
    const aliases = texts(own(attributes, "aliases")).map((alias) =>
      alias.includes(".") || scope === "" ? alias : `${scope}.${alias}`,
    );
    return { name, ...(aliases.length > 0 && { aliases }) };
  }
}

function primitive(type: Primitive, attributes: Attributes): Primitive | PrimitiveSchema {
  const more = logical(attributes);
  return more.logicalType === undefined ? type : { type, ...more };
}

/** A logical type; its attributes count only where they are numbers. */
function logical(attributes: Attributes): {
  readonly logicalType?: string;
  readonly precision?: number;
  readonly scale?: number;
} {
  const logicalType = own(attributes, "logicalType");
  const precision = own(attributes, "precision");
  const scale = own(attributes, "scale");
  if (typeof logicalType !== "string") return {};
  return {
    logicalType,
    ...(typeof precision === "number" && { precision }),
    ...(typeof scale === "number" && { scale }),
  };
}

/** What makes two branches of a union the same. */
function kindOf(branch: string | TypeSchema): string {
  if (typeof branch === "string") return branch;
  return "name" in branch ? branch.name : branch.type;
}

function docOf(attributes: Attributes): { readonly doc?: string } {
  const doc = own(attributes, "doc");
  return typeof doc === "string" ? { doc } : {};
}

const isOrder = (order: unknown): order is "ascending" | "descending" | "ignore" =>
  order === "ascending" || order === "descending" || order === "ignore";

const primitives: ReadonlySet<unknown> = new Set<Primitive>([
  ...(["null", "boolean", "int", "long"] as const),
  ...(["float", "double", "bytes", "string"] as const),
]);

const isPrimitive = (name: unknown): name is Primitive => primitives.has(name);

const texts = (list: unknown): readonly string[] =>
  Array.isArray(list) ? list.filter((each) => typeof each === "string") : [];

function isObject(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const own = (attributes: Attributes, name: string): unknown =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;

const inside = (place: Place, step: string): Place => ({
  ...place,
  path: `${place.path}${step}`,
  depth: place.depth + 1,
});

const join = (path: string, name: string): string => `${path} "${name}"`;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Java's registry takes a bare name for a schema.
    if (isPrimitive(text.trim())) return text.trim();
    throw failure("", "its text is no JSON", error);
  }
}

function failure(path: string, problem: string, cause?: unknown): StreamgenError {
  const where = path === "" ? "" : ` at ${path.trim().slice(0, 200)}`;
  return new StreamgenError("SG5051", `the text is no Avro schema${where}: ${problem}`, {}, cause);
}
