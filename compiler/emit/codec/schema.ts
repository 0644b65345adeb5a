import type { FieldModel, JsonModel, RecordModel, TypeModel, TypeName } from "../../model/type.ts";
import {
  array,
  assignment,
  type Code,
  code,
  isCode,
  literal,
  numberLiteral,
  object,
  propertyName,
  tallArray,
  tallObject,
} from "../code.ts";
import type { ModelIndex } from "./model-index.ts";

/** An Avro schema as JSON, in which code may stand for a schema that another constant holds. */
type SchemaTree =
  | JsonModel
  | Code
  | readonly SchemaTree[]
  | { readonly [name: string]: SchemaTree };

/** The schema's text for a file of its own. The order of keys is fixed; the first use of a name defines it. */
export function schemaFileText(index: ModelIndex, record: TypeName): string {
  const maker = new SchemaMaker(index, { record: () => undefined, symbols: () => undefined });
  return `${JSON.stringify(maker.tree({ kind: "record", name: record }), null, 2)}\n`;
}

/** Code for parts of a schema that are at hand. */
export interface SchemaReferences {
  /** The schema of another record. */
  record(name: TypeName): Code | undefined;
  /** The symbols of an enum. */
  symbols(name: TypeName): Code | undefined;
}

/** The schema as an object literal. */
export function schemaCode(index: ModelIndex, record: RecordModel, refer: SchemaReferences): Code {
  const tree = new SchemaMaker(index, refer).tree({ kind: "record", name: record.name });
  return isTreeObject(tree)
    ? tallObject(Object.entries(tree).map(([name, value]) => member(name, value)))
    : treeCode(tree);
}

/** The schema of a type that is no record. */
export const typeSchemaCode = (index: ModelIndex, type: TypeModel, refer: SchemaReferences): Code =>
  treeCode(new SchemaMaker(index, refer).tree(type));

class SchemaMaker {
  readonly #index: ModelIndex;
  readonly #refer: SchemaReferences;
  readonly #seen: Set<TypeName> = new Set();

  constructor(index: ModelIndex, refer: SchemaReferences) {
    this.#index = index;
    this.#refer = refer;
  }

  tree(type: TypeModel): SchemaTree {
    switch (type.kind) {
      case "record":
        return (
          this.#refer.record(type.name) ?? this.#named(type.name, () => this.#record(type.name))
        );
      case "enum":
        return this.#named(type.name, () => {
          const { doc, symbols } = this.#index.enum(type.name);
          return {
            type: "enum",
            name: type.name,
            ...(doc !== undefined && { doc }),
            symbols: this.#refer.symbols(type.name) ?? symbols,
          };
        });
      case "fixed":
        return this.#named(type.name, () => ({
          type: "fixed",
          name: type.name,
          size: this.#index.fixed(type.name).size,
        }));
      case "duration":
        return this.#named(durationName, () => ({
          type: "fixed",
          name: durationName,
          size: 12,
          logicalType: "duration",
        }));
      case "array":
        return { type: "array", items: this.tree(type.items) };
      case "map":
        return { type: "map", values: this.tree(type.values) };
      case "union":
        return type.branches.map((branch) => this.tree(branch.type));
      case "decimal": {
        const { precision, scale } = type;
        return { type: "bytes", logicalType: "decimal", precision, scale };
      }
      default:
        return scalars[type.kind];
    }
  }

  #named(name: TypeName, define: () => SchemaTree): SchemaTree {
    if (this.#seen.has(name)) return name;
    this.#seen.add(name);
    return define();
  }

  #record(name: TypeName): SchemaTree {
    const { doc, aliases, fields } = this.#index.record(name);
    return {
      type: "record",
      name,
      ...(doc !== undefined && { doc }),
      ...(aliases.length > 0 && { aliases }),
      fields: fields.map((field) => this.#field(field)),
    };
  }

  #field(field: FieldModel): SchemaTree {
    return {
      name: field.wireName,
      ...(field.doc !== undefined && { doc: field.doc }),
      type: this.tree(field.type),
      ...(field.default !== undefined && { default: field.default }),
      ...(field.aliases.length > 0 && { aliases: field.aliases }),
      ...(field.order !== undefined && { order: field.order }),
    };
  }
}

/** One shared type, so that programs that know it need no other. */
const durationName = "streamgen.Duration";

const logical = (type: string, logicalType: string): SchemaTree => ({ type, logicalType });

const scalars = {
  null: "null",
  boolean: "boolean",
  int: "int",
  "safe-long": "long",
  long: "long",
  float: "float",
  double: "double",
  string: "string",
  bytes: "bytes",
  uuid: logical("string", "uuid"),
  date: logical("int", "date"),
  "time-millis": logical("int", "time-millis"),
  "time-micros": logical("long", "time-micros"),
  "timestamp-date": logical("long", "timestamp-millis"),
  "timestamp-millis": logical("long", "timestamp-millis"),
  "timestamp-micros": logical("long", "timestamp-micros"),
  "timestamp-nanos": logical("long", "timestamp-nanos"),
  "local-timestamp-millis": logical("long", "local-timestamp-millis"),
  "local-timestamp-micros": logical("long", "local-timestamp-micros"),
} as const satisfies Readonly<Record<string, SchemaTree>>;

function treeCode(tree: SchemaTree): Code {
  if (isCode(tree)) return tree;
  if (typeof tree === "string") return literal(tree);
  if (typeof tree === "number") return numberLiteral(tree);
  if (typeof tree === "boolean") return tree ? code`true` : code`false`;
  if (tree === null) return code`null`;
  if (isTreeList(tree)) {
    const items = tree.map(treeCode);
    return isTall(tree) ? tallArray(items) : array(items);
  }
  return object(Object.entries(tree).map(([name, value]) => member(name, value)));
}

const member = (name: string, value: SchemaTree): Code =>
  assignment(code`${propertyName(name)}:`, treeCode(value));

/** Formatters never leave several objects, or several lists, of several entries on one line. */
function isTall(list: readonly SchemaTree[]): boolean {
  if (list.length < 2) return false;
  return (
    list.every((item) => isTreeObject(item) && Object.keys(item).length > 1) ||
    list.every((item) => isTreeList(item) && item.length > 1)
  );
}

const isTreeList = (tree: SchemaTree): tree is readonly SchemaTree[] => Array.isArray(tree);

const isTreeObject = (tree: SchemaTree): tree is { readonly [name: string]: SchemaTree } =>
  typeof tree === "object" && tree !== null && !isTreeList(tree) && !isCode(tree);
