import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

const repository = path.join(import.meta.dirname, "../..");
/** Records, topics, tables and agents that share a source file. */
const perFile = 10;

/** Writes a project with as many records, topics, tables and agents as `size` says, each. */
export function writeProject(root: string, size: number): void {
  const files: Readonly<Record<string, string>> = {
    "package.json": '{ "name": "many", "type": "module" }\n',
    "streamgen.config.ts": `import { defineConfig } from "streamgen/config";

export default defineConfig({ app: "many" });
`,
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        target: "es2023",
        module: "nodenext",
        types: ["node"],
        strict: true,
        noEmit: true,
      },
      include: ["src", "generated"],
    }),
    ...Object.fromEntries(
      Array.from({ length: Math.ceil(size / perFile) }, (_, file) => [
        `src/part${file}.ts`,
        sourceFile(file * perFile, Math.min(size, (file + 1) * perFile)),
      ]),
    ),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const installed = {
    streamgen: "",
    "@streamgen/runtime": "runtime",
    "@types/node": "node_modules/@types/node",
    typescript: "node_modules/typescript",
  };
  for (const [name, place] of Object.entries(installed)) {
    const link = path.join(root, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(repository, place), link, "junction");
  }
}

function sourceFile(from: number, to: number): string {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  return `import type { Each, Field, Int, Table, To, Topic, Uuid } from "streamgen";
${numbers.map(pipeline).join("")}`;
}

/** A record with most kinds of fields, its topic, a table, and an agent that uses both. */
function pipeline(number: number): string {
  return `
/** Order number ${number}. */
export interface Order${number} {
  id: Uuid;
  customer: string;
  amount: number;
  items: Field<Int, { default: 1 }>;
  at: Date;
  status: "new" | "paid" | "shipped";
  tags: string[];
  note?: string;
}
export type Orders${number} = Topic<"orders-${number}", { value: Order${number}; keyBy: "customer"; time: "at"; external: true }>;
export type Large${number} = Topic<"large-${number}", { value: Order${number}; keyBy: "customer" }>;
export type Counts${number} = Table<"counts-${number}", { key: string; value: Int; default: 0 }>;

export function count${number}(order: Each<Orders${number}>, counts: Counts${number}): To<Large${number}> | undefined {
  counts.update(order.customer, (n) => n + order.items);
  return order.amount > 100 && order.status !== "new" ? order : undefined;
}
`;
}
