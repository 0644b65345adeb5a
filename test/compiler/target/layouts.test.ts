/** Projects of many shapes: each is built, passes its own compiler, and where it emits it runs. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { repository, shopSource, streamgen, temporaryProject } from "../../project.ts";
import { temporaryFolder } from "../../temporary.ts";

interface Layout {
  readonly options: Readonly<Record<string, unknown>>;
  readonly include?: readonly string[];
  readonly package?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Files of further packages of the workspace, by name. */
  readonly linked?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const order = {
  id: "00000000-0000-4000-8000-000000000001",
  customerId: "a",
  amount: 200,
  items: 2,
  placedAt: "2026-11-21T09:30:00Z",
  status: "new",
  tags: [],
};

/** Builds a project of this shape and checks its types. Gives its folder. */
async function built(layout: Layout): Promise<string> {
  const { options, include = ["src", "generated"], config = {}, files } = layout;
  const base = { target: "es2023", types: ["node"], strict: true, skipLibCheck: true };
  const conditions = { customConditions: ["@streamgen/source"] };
  const root = temporaryProject({
    "package.json": JSON.stringify({ name: "shop", type: "module", ...layout.package }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: { ...base, ...conditions, ...options },
      include,
    }),
    "streamgen.config.json": JSON.stringify({ app: "shop", ...config }),
    ...(files ?? { "src/shop.ts": shopSource() }),
  });
  for (const [name, content] of Object.entries(layout.linked ?? {})) {
    const link = path.join(root, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    const folder = temporaryFolder(content);
    symlinkSync(folder, link, "junction");
    symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  }
  const result = await streamgen(root, "build");
  assert.equal(result.status, 0, result.stderr);
  assert.match(result.stderr, /^ {2}3 topics /);
  return root;
}

function checkTypes(root: string): void {
  const script = path.join(repository, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [script, "--noEmit", "-p", root], {
    encoding: "utf8",
  });
  // Sources of the runtime are no declarations: what they say under other flags is not judged here.
  const own = stdout.split("\n").filter((line) => /^(src|generated|lib)\//.test(line));
  assert.deepEqual(own, []);
}

/** Runs a main module over one order. */
function runs(root: string, main: string, ...nodeFlags: readonly string[]): void {
  writeFileSync(path.join(root, "orders.jsonl"), `${JSON.stringify(order)}\n`);
  const flags = ["--embedded", "--input=orders=orders.jsonl", "--output=large-orders=-"];
  const args = ["--conditions=@streamgen/source", ...nodeFlags, main, ...flags, "--until-idle"];
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  assert.equal(result.stdout, `{"id":"${order.id}","total":400}\n`, result.stderr);
}

const viaTsx = ["--import", import.meta.resolve("tsx")];

test("nodenext that emits: imports end in .js, in sources and output", async () => {
  const root = await built({ options: { module: "nodenext", outDir: "dist", rootDir: "." } });
  assert.match(
    readFileSync(path.join(root, "generated/worker.ts"), "utf8"),
    /"\.\.\/src\/shop\.js"/,
  );
  checkTypes(root);
  runs(root, "generated/main.ts", ...viaTsx);
});

test("a bundler: imports have no ending", async () => {
  const root = await built({ options: { module: "esnext", moduleResolution: "bundler" } });
  assert.match(readFileSync(path.join(root, "generated/worker.ts"), "utf8"), /"\.\.\/src\/shop"/);
  checkTypes(root);
  runs(root, "generated/main.ts", ...viaTsx);
});

test("output inside of rootDir", async () => {
  const root = await built({
    options: { module: "nodenext", outDir: "dist", rootDir: "src" },
    include: ["src"],
    config: { out: "src/generated" },
  });
  assert.match(
    readFileSync(path.join(root, "src/generated/worker.ts"), "utf8"),
    /"\.\.\/shop\.js"/,
  );
  runs(root, "src/generated/main.ts", ...viaTsx);
});

test("path aliases: sources use them, generated code does not", async () => {
  const root = await built({
    options: {
      module: "nodenext",
      allowImportingTsExtensions: true,
      noEmit: true,
      paths: { "@/*": ["./src/*"] },
    },
    files: splitShop("@/records.ts"),
  });
  const codecs = readFileSync(path.join(root, "generated/topics.ts"), "utf8");
  assert.match(codecs, /"\.\.\/src\/records\.ts"/);
  assert.doesNotMatch(codecs, /@\//);
  checkTypes(root);
  runs(root, "generated/main.ts", ...viaTsx);
});

test("records of another workspace package are imported by its name", async () => {
  const { "src/records.ts": records = "", ...files } = splitShop("@acme/records");
  const exports = { ".": { types: "./index.ts", default: "./index.ts" } };
  const root = await built({
    options: { module: "nodenext", allowImportingTsExtensions: true, noEmit: true },
    files,
    linked: {
      "@acme/records": {
        "package.json": JSON.stringify({ name: "@acme/records", type: "module", exports }),
        "index.ts": records,
      },
    },
  });
  const topics = readFileSync(path.join(root, "generated/topics.ts"), "utf8");
  assert.match(topics, /from "@acme\/records"/);
  assert.doesNotMatch(topics, /node_modules/);
  checkTypes(root);
  runs(root, "generated/main.ts", ...viaTsx);
});

test("a project without type is CommonJS, and still runs", async () => {
  const root = await built({
    options: { module: "nodenext", outDir: "dist", rootDir: "." },
    package: { type: undefined },
  });
  checkTypes(root);
  runs(root, "generated/main.ts", ...viaTsx);
});

test("the same bytes come from another folder", async () => {
  const options = { module: "nodenext" };
  const [first, second] = [await built({ options }), await built({ options })];
  const manifest = (root: string): string =>
    readFileSync(path.join(root, "generated/manifest.json"), "utf8");
  assert.equal(manifest(first), manifest(second));
});

/** The shop with its records in a module of their own, which is imported by `specifier`. */
function splitShop(specifier: string): Readonly<Record<string, string>> {
  const source = shopSource();
  const start = source.indexOf("/** An order accepted");
  const end = source.indexOf("export type Orders");
  return {
    "src/records.ts": `import type { Field, Int, Uuid } from "streamgen";\n\n${source.slice(start, end)}`,
    "src/shop.ts": `import type { Alert, LargeOrder, Order } from "${specifier}";\nimport type { Context, Each, Every, Int, Lookup, Sink, Table, To, Topic } from "streamgen";\n\n${source.slice(end)}`,
  };
}
