/** Three records as models: a small order, a nested page view, an article of mostly non-ASCII text. */
import type { Program } from "../../compiler/model/program.ts";
import type { Span } from "../../compiler/model/span.ts";
import type { FieldModel, RecordModel, TypeModel } from "../../compiler/model/type.ts";

const span: Span = { file: "src/shapes.ts", start: 0, end: 0, line: 1, column: 1 };

const nullable = (type: TypeModel, is: "number" | "string"): TypeModel => ({
  kind: "union",
  branches: [
    { type: { kind: "null" }, test: { kind: "typeof", is: "null" } },
    { type, test: { kind: "typeof", is } },
  ],
});

function record(name: string, fields: Readonly<Record<string, TypeModel>>): RecordModel {
  return {
    name: `bench.${name}`,
    typescriptName: name,
    declaration: { kind: "export", module: span.file, name, external: false, arguments: [] },
    aliases: [],
    fields: Object.entries(fields).map(
      ([field, type]): FieldModel => ({
        name: field,
        wireName: field,
        type,
        optional: false,
        aliases: [],
        span,
      }),
    ),
    recursive: false,
    span,
  };
}

const string: TypeModel = { kind: "string" };
const int: TypeModel = { kind: "int" };
const long: TypeModel = { kind: "safe-long" };
const double: TypeModel = { kind: "double" };

const records: readonly RecordModel[] = [
  record("Order", {
    id: string,
    customer: string,
    amount: double,
    quantity: int,
    createdAt: long,
    status: { kind: "enum", name: "bench.Status" },
  }),
  record("PageView", {
    viewId: string,
    userId: long,
    url: string,
    ts: long,
    referrer: nullable(string, "string"),
    duration: nullable(int, "number"),
    device: { kind: "enum", name: "bench.Device" },
    events: { kind: "array", items: { kind: "record", name: "bench.Interaction" } },
    props: { kind: "map", values: string },
    payload: { kind: "bytes" },
  }),
  record("Interaction", {
    name: string,
    x: int,
    y: int,
    t: double,
    trusted: { kind: "boolean" },
  }),
  record("Article", {
    id: string,
    title: string,
    author: string,
    city: string,
    body: string,
    tags: { kind: "array", items: string },
  }),
];

/** What is decoded by the projected decoders: two fields of each, one of them behind others. */
export const projections: Readonly<Record<string, readonly string[]>> = {
  Order: ["amount", "status"],
  PageView: ["userId", "payload"],
  Article: ["title", "city"],
};

export const statuses = ["CREATED", "PAID", "SHIPPED", "CANCELLED"] as const;
export const devices = ["DESKTOP", "MOBILE", "TABLET"] as const;

export const program: Program = {
  app: "bench",
  records,
  enums: [
    { name: "bench.Status", symbols: statuses, declaration: { kind: "inline" }, span },
    { name: "bench.Device", symbols: devices, declaration: { kind: "inline" }, span },
  ],
  fixed: [],
  topics: Object.keys(projections).map((name) => ({
    name,
    alias: `${name}s`,
    value: { kind: "record", name: `bench.${name}` },
    valueDeclaration: undefined,
    key: { kind: "none" },
    format: "avro",
    cleanup: "delete",
    config: {},
    external: true,
    trustKey: false,
    span,
  })),
  tables: [],
  agents: [],
  groups: [
    {
      name: "bench",
      topics: Object.keys(projections),
      tables: [],
      agents: [],
      repartitions: [],
      projections,
    },
  ],
};
