import { StreamgenError } from "../errors.ts";
import { defaultBytes } from "./default-bytes.ts";
import { type Defined, defined, definitionsOf } from "./definitions.ts";
import { describeType, isNamed, matchOf, unitOf } from "./match.ts";
import { MinBytes } from "./min-bytes.ts";
import {
  type EnumSchema,
  type FieldSchema,
  isUnion,
  type NamedSchema,
  type Primitive,
  type RecordSchema,
  type Schema,
  type TypeSchema,
} from "./schema.ts";
import {
  type ChoiceStep,
  type EnumStep,
  type FailStep,
  isSame,
  type RecordStep,
  type Step,
  type Wanted,
} from "./steps.ts";

/** How values of one schema are read as another's. */
export interface Resolution {
  readonly step: Step;
  /** What some values of the writer's schema would fail at, such as an enum's symbol. */
  readonly problems: readonly string[];
}

/**
 * Resolves a writer's schema to a reader's by the rules of Avro 1.12. Where those allow several
 * branches of a reader's union, a branch of the same type comes before one by promotion, as in Java.
 * Numbers of different units, such as milliseconds and microseconds, do not resolve. Throws SG5052
 * where no value of the one can be read as the other.
 */
export function resolveSchemas(writer: Schema, reader: Schema): Resolution {
  const resolver = new Resolver(definitionsOf(writer), definitionsOf(reader));
  try {
    return { step: resolver.step(writer, reader, ""), problems: resolver.problems };
  } catch (error) {
    if (error instanceof Mismatch) throw new StreamgenError("SG5052", error.message);
    throw error;
  }
}

/** Types inside each other, those that names stand for among them. */
const depthMax = 500;

/** Two types that do not match; whoever has another choice catches it. */
class Mismatch extends Error {}

type Definitions = ReadonlyMap<string, NamedSchema>;
type OpenRecord = { -readonly [Member in keyof RecordStep]: RecordStep[Member] };

class Resolver {
  readonly problems: string[] = [];
  readonly #writers: Definitions;
  readonly #readers: Definitions;
  readonly #minBytes: MinBytes;
  /** Records by both names. They are there before their fields are, so that they may hold themselves. */
  readonly #records: Map<string, RecordStep | Mismatch> = new Map();
  /** Resolves what is written to itself: to walk over it. */
  #skipper: Resolver | undefined;
  #depth = 0;

  constructor(writers: Definitions, readers: Definitions) {
    this.#writers = writers;
    this.#readers = readers;
    this.#minBytes = new MinBytes(writers);
    if (writers === readers) this.#skipper = this;
  }

  step(writer: Schema, reader: Schema, path: string): Step {
    if (this.#depth >= depthMax) {
      throw new StreamgenError(
        "SG5051",
        `types of the schema are nested more than ${depthMax} deep`,
      );
    }
    this.#depth += 1;
    try {
      return this.#step(writer, reader, path);
    } finally {
      this.#depth -= 1;
    }
  }

  #step(writerSchema: Schema, readerSchema: Schema, path: string): Step {
    const writer = defined(writerSchema, this.#writers);
    const reader = defined(readerSchema, this.#readers);
    if (isUnion(writer)) return this.#choice(writer, readerSchema, path);
    if (isUnion(reader)) return this.#wrap(writerSchema, writer, reader, path);
    if (matchOf(writer, reader) === undefined) throw mismatch(path, writer, reader);
    const units = [unitOf(writer), unitOf(reader)];
    if (!units.includes(undefined) && units[0] !== units[1]) throw mismatch(path, writer, reader);
    return this.#type(writer, reader, path);
  }

  #type(writer: TypeSchema, reader: TypeSchema, path: string): Step {
    if (writer.type === "record" && reader.type === "record") {
      return this.#record(writer, reader, path);
    }
    if (writer.type === "enum" && reader.type === "enum") return this.#enum(writer, reader, path);
    if (writer.type === "fixed" && reader.type === "fixed") {
      if (writer.size !== reader.size) {
        throw new Mismatch(at(path, `it has ${writer.size} bytes there and ${reader.size} here`));
      }
      return { kind: "fixed", size: writer.size };
    }
    if (writer.type === "array" && reader.type === "array") {
      const items = this.step(writer.items, reader.items, `${path}[]`);
      return { kind: "array", items, itemMinBytes: this.#minBytes.of(writer.items) };
    }
    if (writer.type === "map" && reader.type === "map") {
      const values = this.step(writer.values, reader.values, `${path}{}`);
      return { kind: "map", values, itemMinBytes: 1 + this.#minBytes.of(writer.values) };
    }
    return scalar(writer.type, reader.type);
  }

  /** The writer's union: a branch that cannot be read fails where a value has it. */
  #choice(branches: readonly Schema[], reader: Schema, path: string): ChoiceStep {
    let isReadable = false;
    let first: Mismatch | undefined;
    const steps = branches.map((branch): Step => {
      try {
        const step = this.step(branch, reader, path);
        isReadable = true;
        return step;
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        first ??= error;
        this.problems.push(error.message);
        return { kind: "fail", reason: error.message };
      }
    });
    if (!isReadable && first !== undefined) throw first;
    return { kind: "choice", branches: steps };
  }

  /** The reader's union: the best branch that can hold the writer's type. */
  #wrap(writerSchema: Schema, writer: TypeSchema, branches: readonly Schema[], path: string): Step {
    const candidates = branches
      .map((branch, index) => {
        const reader = defined(branch, this.#readers);
        return { branch, index, match: isUnion(reader) ? undefined : matchOf(writer, reader) };
      })
      .filter(({ match }) => match !== undefined)
      .sort((a, b) => (a.match ?? 0) - (b.match ?? 0));
    let first: Mismatch | undefined;
    for (const { branch, index } of candidates) {
      const problems = this.problems.length;
      try {
        return { kind: "wrap", index, step: this.step(writerSchema, branch, path) };
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        this.problems.length = problems;
        first ??= error;
      }
    }
    throw first ?? mismatch(path, writer, branches);
  }

  #record(writer: RecordSchema, reader: RecordSchema, path: string): RecordStep {
    const key = `${writer.name} ${reader.name}`;
    const known = this.#records.get(key);
    if (known instanceof Mismatch) throw known;
    if (known !== undefined) return known;
    const record: OpenRecord = {
      kind: "record",
      name: reader.name,
      written: [],
      wanted: [],
      isInOrder: true,
      isSame: false,
    };
    this.#records.set(key, record);
    try {
      record.wanted = reader.fields.map((field) => this.#wanted(writer, field, path));
      record.written = writer.fields.map(({ type }) => this.#skip(type));
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      this.#records.set(key, error);
      // Steps that were made of it meanwhile fail with it.
      record.wanted = [{ kind: "field", index: 0, step: failing(error), isSame: false }];
      throw error;
    }
    record.isInOrder = isAscending(record.wanted);
    record.isSame =
      record.isInOrder &&
      record.wanted.length === record.written.length &&
      record.wanted.every((each) => each.kind === "field" && each.isSame);
    return record;
  }

  #wanted(writer: RecordSchema, field: FieldSchema, path: string): Wanted {
    const own = joined(path, field.name);
    const index = fieldIndex(writer, field);
    const written = writer.fields[index];
    if (written !== undefined) {
      const step = this.step(written.type, field.type, own);
      return { kind: "field", index, step, isSame: isSame(step) };
    }
    if (field.default === undefined) {
      throw new Mismatch(at(own, "it was not written, and has no default"));
    }
    const bytes = defaultBytes(field.default, field.type, this.#readers);
    if (bytes === undefined) throw new Mismatch(at(own, "its default does not fit its type"));
    return { kind: "default", bytes };
  }

  #enum(writer: EnumSchema, reader: EnumSchema, path: string): EnumStep {
    const fallback = reader.default === undefined ? -1 : reader.symbols.indexOf(reader.default);
    const indices = writer.symbols.map((symbol) => {
      const index = reader.symbols.indexOf(symbol);
      return index >= 0 ? index : fallback;
    });
    for (const [index, symbol] of writer.symbols.entries()) {
      if (indices[index] !== -1) continue;
      this.problems.push(at(path, `enum "${reader.name}" has no symbol "${symbol}"`));
    }
    return { kind: "enum", indices, symbols: writer.symbols, name: reader.name };
  }

  #skip(written: Schema): Step {
    this.#skipper ??= new Resolver(this.#writers, this.#writers);
    return this.#skipper.step(written, written, "");
  }
}

function scalar(writer: Primitive | string, reader: string): Step {
  const to = reader === "float" || reader === "double" ? reader : undefined;
  if (to !== undefined && writer !== to) {
    if (writer === "int" || writer === "long" || writer === "float") {
      return { kind: "promote", from: writer, to };
    }
  }
  // What is neither named nor holds others is a primitive.
  return { kind: "scalar", type: writer as Primitive };
}

/** The reader's field by its name, or by one that it had. */
function fieldIndex(writer: RecordSchema, { name, aliases = [] }: FieldSchema): number {
  for (const candidate of [name, ...aliases]) {
    const index = writer.fields.findIndex((field) => field.name === candidate);
    if (index >= 0) return index;
  }
  return -1;
}

function isAscending(wanted: readonly Wanted[]): boolean {
  let last = -1;
  for (const each of wanted) {
    if (each.kind !== "field") continue;
    if (each.index <= last) return false;
    last = each.index;
  }
  return true;
}

const failing = ({ message }: Mismatch): FailStep => ({ kind: "fail", reason: message });

function mismatch(path: string, writer: TypeSchema, reader: Defined): Mismatch {
  const names = !isUnion(reader) && isNamed(writer) && isNamed(reader);
  const hint =
    names && writer.type === reader.type && writer.type === "record"
      ? `; if it is the same record, name the writer's in its aliases`
      : "";
  return new Mismatch(
    at(path, `it is ${describeType(writer)} there and ${describeType(reader)} here${hint}`),
  );
}

const at = (path: string, problem: string): string =>
  path === "" ? `the value: ${problem}` : `field "${path}": ${problem}`;

const joined = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
