/** Random programs of every type of the mapping, for tests of generated codecs. */
import type { Program } from "../../../compiler/model/program.ts";
import type { Span } from "../../../compiler/model/span.ts";
import type { GroupModel, TopicModel } from "../../../compiler/model/topology.ts";
import type {
  BranchModel,
  BranchTest,
  EnumModel,
  FieldModel,
  FixedModel,
  RecordModel,
  ScalarKind,
  TypeModel,
} from "../../../compiler/model/type.ts";
import type { Random } from "../../random.ts";

export const span: Span = { file: "src/model.ts", start: 0, end: 0, line: 1, column: 1 };

const scalarKinds: readonly ScalarKind[] = [
  ...(["boolean", "int", "safe-long", "long", "float", "double", "string", "bytes"] as const),
  ...(["uuid", "date", "time-millis", "time-micros", "timestamp-date"] as const),
  ...(["timestamp-millis", "timestamp-micros", "timestamp-nanos"] as const),
  ...(["local-timestamp-millis", "local-timestamp-micros", "duration", "null"] as const),
];

/** Names that other people's generators stumbled over, and plain ones. */
const fieldNames = [
  ...["id", "total", "createdAt", "items", "value", "key", "map", "left", "writer", "reader"],
  ...["json", "class", "default", "new", "return", "constructor", "prototype", "toString"],
  ...["__proto__", "hasOwnProperty", "undefined", "Date", "arguments", "await", "readOrder"],
  ...["two words", "ünï", "9lives", "a.b", "it's", 'q"q', "${x}", "`", "\u2028", "projected"],
  ...["aVeryLongNameThatNobodyWouldWriteByHandButThatGeneratorsMeetNowAndThen"],
];

export interface RandomProgram {
  readonly program: Program;
  /** The records that values are made of; each has a topic and a projection. */
  readonly roots: readonly RecordModel[];
}

/** A program with `count` records to start from, and all that they hold. */
export function randomProgram(random: Random, count: number, module: string): RandomProgram {
  const maker = new ProgramMaker(random, module);
  for (let index = 0; index < count; index++) maker.root();
  return maker.done();
}

class ProgramMaker {
  readonly #random: Random;
  readonly #module: string;
  readonly #records: RecordModel[] = [];
  readonly #enums: EnumModel[] = [];
  readonly #fixed: FixedModel[] = [];
  readonly #roots: RecordModel[] = [];
  /** Full names of the records that are being made, which a type may hold again. */
  readonly #open: string[] = [];
  readonly #recursive: Set<string> = new Set();
  #names = 0;

  constructor(random: Random, module: string) {
    this.#random = random;
    this.#module = module;
  }

  root(): void {
    const { name } = this.#record(4, []);
    this.#roots.push(this.#find(name));
  }

  done(): RandomProgram {
    const isFinal = (record: RecordModel): RecordModel => ({
      ...record,
      recursive: this.#recursive.has(record.name),
    });
    const records = this.#records.map(isFinal);
    const roots = this.#roots.map(isFinal);
    const topics = roots.map((root) => topicOf(root));
    const projections = Object.fromEntries(
      roots.map((root) => [root.name, this.#someFields(root)]),
    );
    const group: GroupModel = {
      name: "all",
      topics: topics.map((topic) => topic.name),
      tables: [],
      agents: [],
      repartitions: [],
      projections,
    };
    const program: Program = {
      app: "test",
      records,
      enums: this.#enums,
      fixed: this.#fixed,
      topics,
      tables: [],
      agents: [],
      groups: [group],
    };
    return { program, roots };
  }

  #someFields(record: RecordModel): readonly string[] {
    return record.fields
      .map((field) => field.name)
      .filter(() => this.#random.chance(0.4))
      .sort();
  }

  #find(name: string): RecordModel {
    const found = this.#records.find((record) => record.name === name);
    if (found === undefined) throw new Error(`no record ${name}`);
    return found;
  }

  #name(stem: string): string {
    this.#names += 1;
    return `${stem}${this.#names}`;
  }

  /** A record; `first` are fields that it has to have. */
  #record(depth: number, first: readonly FieldModel[]): { readonly name: string } {
    const short = this.#name("Record");
    const name = `test.${short}`;
    // In the order of declaration, which is not that of use.
    const slot = this.#records.length;
    this.#open.push(name);
    const names = this.#random.shuffle(fieldNames).slice(0, this.#random.int(depth + 3));
    const fields = [...first];
    for (const fieldName of names) {
      if (fields.some((field) => field.name === fieldName)) continue;
      fields.push(this.#field(fieldName, fields.length, depth - 1));
    }
    this.#open.pop();
    this.#records.splice(slot, 0, {
      name,
      typescriptName: short,
      declaration: {
        kind: "export",
        module: this.#module,
        name: short,
        external: false,
        arguments: [],
      },
      ...(this.#random.chance(0.3) && { doc: this.#random.pick(docs) }),
      aliases: this.#random.chance(0.1) ? ["Older"] : [],
      fields,
      recursive: false,
      span,
    });
    return { name };
  }

  #field(name: string, index: number, depth: number): FieldModel {
    // TypeScript has no object that may lack what every object has.
    const optional = this.#random.chance(0.25) && !inherited.has(name);
    const type = optional ? this.#optional(depth) : this.#type(depth);
    return {
      name,
      wireName: /^[A-Za-z]\w*$/.test(name) ? name : `f${index}_`,
      type,
      optional,
      ...(this.#random.chance(0.2) && { doc: this.#random.pick(docs) }),
      ...(optional && isNullFirst(type) && { default: null }),
      aliases: [],
      span,
    };
  }

  #optional(depth: number): TypeModel {
    const type = this.#type(depth);
    if (type.kind === "null") return union([type]);
    if (type.kind === "union") {
      return type.branches.some((branch) => branch.type.kind === "null")
        ? type
        : { kind: "union", branches: [...type.branches, ...union([nullType]).branches] };
    }
    return this.#random.chance(0.8) ? union([nullType, type]) : union([type, nullType]);
  }

  #type(depth: number): TypeModel {
    const dice = this.#random.int(depth > 0 ? 20 : 10);
    if (dice < 9) return { kind: this.#random.pick(scalarKinds) };
    if (dice === 9) return this.#decimal();
    if (dice < 12) return this.#named(depth);
    if (dice < 14) return { kind: "array", items: this.#item(depth - 1) };
    if (dice < 16) return { kind: "map", values: this.#item(depth - 1) };
    if (dice < 18) return this.#union(depth - 1);
    return { kind: "record", name: this.#record(depth - 1, []).name };
  }

  /** An array's or map's item, which may be a record that is being made. */
  #item(depth: number): TypeModel {
    const [outer] = this.#open;
    if (outer !== undefined && this.#random.chance(0.2)) {
      const name = this.#random.pick(this.#open);
      // All records from it to the innermost hold each other.
      for (const open of this.#open.slice(this.#open.indexOf(name))) this.#recursive.add(open);
      return { kind: "record", name };
    }
    return this.#type(depth);
  }

  #decimal(): TypeModel {
    const precision = 1 + this.#random.int(30);
    return { kind: "decimal", precision, scale: this.#random.int(precision + 1) };
  }

  #named(depth: number): TypeModel {
    if (this.#random.chance(0.3) && this.#enums.length > 0) {
      return { kind: "enum", name: this.#random.pick(this.#enums).name };
    }
    if (this.#random.chance(0.5)) return this.#enum(["new", "paid", "class", "A1"]);
    if (this.#random.chance(0.5)) {
      const short = this.#name("Fixed");
      const name = `test.${short}`;
      this.#fixed.push({ name, size: this.#random.int(20), span });
      return { kind: "fixed", name };
    }
    return { kind: "record", name: this.#record(depth - 1, []).name };
  }

  #enum(symbols: readonly string[]): TypeModel & { readonly kind: "enum" } {
    const name = `test.${this.#name("Enum")}`;
    this.#enums.push({ name, symbols, declaration: { kind: "inline" }, span });
    return { kind: "enum", name };
  }

  /** Branches that can be told apart: at most one of each class, and records by a literal. */
  #union(depth: number): TypeModel {
    const classes = this.#random.shuffle([
      nullType,
      { kind: "boolean" },
      { kind: this.#random.pick(["int", "double", "float", "safe-long"] as const) },
      { kind: this.#random.pick(["long", "timestamp-micros"] as const) },
      { kind: this.#random.pick(["string", "uuid", "date", "local-timestamp-millis"] as const) },
      { kind: "timestamp-date" },
      { kind: "bytes" },
      { kind: "array", items: this.#item(depth) },
    ] satisfies TypeModel[]);
    const names = new Set<string>();
    const types: TypeModel[] = classes
      .slice(0, 1 + this.#random.int(4))
      .filter((type) => !names.has(branchName(type)) && names.add(branchName(type)));
    const dice = this.#random.int(4);
    if (dice === 0) types.push({ kind: "map", values: this.#item(depth) });
    if (dice === 1) types.push({ kind: "record", name: this.#record(depth - 1, []).name });
    if (dice === 2) {
      for (const tag of ["card", "cash"]) {
        types.push({ kind: "record", name: this.#record(depth - 1, [this.#tag(tag)]).name });
      }
    }
    return union(this.#random.shuffle(types), (name) => this.#tagOf(name));
  }

  /** The literal in a record's first field. */
  #tagOf(record: string): string | undefined {
    const type = this.#find(record).fields[0]?.type;
    const name = type?.kind === "enum" ? type.name : undefined;
    const symbols = this.#enums.find((each) => each.name === name)?.symbols;
    return symbols?.length === 1 ? symbols[0] : undefined;
  }

  #tag(symbol: string): FieldModel {
    const type = this.#enum([symbol]);
    return { name: "type", wireName: "type", type, optional: false, aliases: [], span };
  }
}

const inherited: ReadonlySet<string> = new Set(["constructor", "toString", "hasOwnProperty"]);

const docs = [
  "Plain words.",
  "Ends early */ process.exit(1); /*",
  "Two lines\n\nwith a gap and ${code} and `ticks`.",
  "Odd \u2028 separators \u0001 and «0» marks {{this}}",
];

export const nullType: TypeModel = { kind: "null" };

const isNullFirst = (type: TypeModel): boolean =>
  type.kind === "union" && type.branches[0]?.type.kind === "null";

/** A union with the tests that tell its branches apart. */
export function union(
  types: readonly TypeModel[],
  tagOf?: (record: string) => string | undefined,
): TypeModel & { readonly kind: "union" } {
  const branches = types.map((type): BranchModel => {
    const tag = type.kind === "record" ? tagOf?.(type.name) : undefined;
    const test: BranchTest =
      tag === undefined ? testOf(type) : { kind: "literal", field: "type", is: tag };
    return { type, test };
  });
  return { kind: "union", branches };
}

function testOf(type: TypeModel): BranchTest {
  switch (type.kind) {
    case "null":
    case "boolean":
      return { kind: "typeof", is: type.kind };
    case "int":
    case "safe-long":
    case "float":
    case "double":
    case "time-millis":
    case "timestamp-millis":
      return { kind: "typeof", is: "number" };
    case "long":
    case "time-micros":
    case "timestamp-micros":
    case "timestamp-nanos":
      return { kind: "typeof", is: "bigint" };
    case "timestamp-date":
      return { kind: "instanceof", is: "Date" };
    case "bytes":
    case "fixed":
      return { kind: "instanceof", is: "Uint8Array" };
    case "array":
      return { kind: "instanceof", is: "Array" };
    case "map":
    case "record":
    case "duration":
    case "union":
      return { kind: "object" };
    default:
      return { kind: "typeof", is: "string" };
  }
}

function topicOf(record: RecordModel): TopicModel {
  return {
    name: record.name,
    alias: `${record.typescriptName}s`,
    value: { kind: "record", name: record.name },
    valueDeclaration: record.declaration,
    key: { kind: "none" },
    format: "avro",
    cleanup: "delete",
    config: {},
    external: true,
    trustKey: false,
    span,
  };
}

/** The name by which Avro knows a union's branch; a union holds each only once. */
export function branchName(type: TypeModel): string {
  switch (type.kind) {
    case "record":
    case "enum":
    case "fixed":
      return type.name;
    case "duration":
      return "streamgen.Duration";
    case "array":
    case "map":
    case "boolean":
    case "int":
    case "float":
    case "double":
    case "bytes":
      return type.kind;
    case "decimal":
      return "bytes";
    case "date":
    case "time-millis":
      return "int";
    case "string":
    case "uuid":
      return "string";
    default:
      return "long";
  }
}
