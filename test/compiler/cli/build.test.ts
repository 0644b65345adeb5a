import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { runCommandLine } from "../../../compiler/cli/main.ts";
import {
  shopSource,
  startStreamgen,
  streamgen,
  streamgenProcess,
  temporaryProject,
} from "../../project.ts";
import { temporaryFolder } from "../../temporary.ts";

const stackLine = /^\s+at /m;

function shop(): string {
  return temporaryProject({ "src/shop.ts": shopSource() });
}

function edit(root: string, file: string, change: (text: string) => string): void {
  const place = path.join(root, file);
  writeFileSync(place, change(readFileSync(place, "utf8")));
}

function topics(root: string): string {
  return readFileSync(path.join(root, "generated/topics.ts"), "utf8");
}

test("a build writes, the next one finds nothing to do, and a check agrees", async () => {
  const root = shop();
  const first = await streamgen(root, "build", "--verbose");
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.stderr, /loading the compiler/);
  assert.match(first.stderr, /3 topics · 1 table · 3 functions · 3 schemas {3,}\d+(\.\d)? m?s\n/);
  assert.match(first.stderr, /\+ generated\/.*… \d+ files written\n/);
  const { mtimeMs } = statSync(path.join(root, "generated/worker.ts"));

  const second = await streamgen(root, "build", "--verbose");
  assert.equal(second.status, 0);
  assert.doesNotMatch(second.stderr, /loading the compiler/);
  assert.match(second.stderr, /3 topics .*\n {2}generated is up to date\n/);
  assert.equal(statSync(path.join(root, "generated/worker.ts")).mtimeMs, mtimeMs);

  const checked = await streamgen(root, "build", "--check", "--quiet");
  assert.deepEqual([checked.status, checked.stdout, checked.stderr], [0, "", ""]);
});

test("what a build has warned of is not repeated by commands that find nothing to build", async () => {
  const root = shop();
  edit(root, "src/shop.ts", (text) => text.replace(/external: true;/, ""));
  const built = await streamgen(root, "build");
  assert.equal(built.status, 0, built.stderr);
  assert.match(built.stderr, /^warning SG3201: /);
  assert.match((await streamgen(root, "build")).stderr, /^warning SG3201: /, "a build repeats it");
  const planned = await streamgen(root, "topics", "plan", "--bootstrap", "127.0.0.1:x");
  assert.equal(planned.status, 2);
  assert.doesNotMatch(planned.stderr, /SG3201/);
});

test("a change of the sources is a unified diff for a check, and nothing is written", async () => {
  const root = shop();
  await streamgen(root, "build");
  const before = topics(root);
  edit(root, "src/shop.ts", (text) => text.replace('retention: "7d"', 'retention: "8d"'));
  const checked = await streamgen(root, "build", "--check");
  assert.equal(checked.status, 3);
  assert.match(checked.stdout, /^--- a\/generated\/.*\n\+\+\+ b\/generated\//);
  assert.match(checked.stdout, /-.*604_800_000,\n\+.*691_200_000,\n/);
  assert.match(
    checked.stderr,
    /SG4901: the generated files are not up to date \(\d+ of \d+ differ\)/,
  );
  assert.equal(topics(root), before);

  const built = await streamgen(root, "build", "--json");
  assert.equal(built.status, 0);
  const result: unknown = JSON.parse(built.stdout);
  assert.ok(typeof result === "object" && result !== null && "written" in result);
  assert.match(built.stdout, /"seconds":\d+(\.\d{1,3})?\}/);
  assert.deepEqual(result.written, ["topics.ts", "topology.json", "manifest.json"]);
});

test("a new source, another tsconfig and another configuration are each noticed", async () => {
  const root = shop();
  await streamgen(root, "build");
  const added = `import type { Topic } from "streamgen";
export interface More { id: string }
export type Mores = Topic<"mores", { value: More; external: true }>;
`;
  writeFileSync(path.join(root, "src/more.ts"), added);
  assert.match((await streamgen(root, "build")).stderr, /4 topics/);
  assert.match(topics(root), /"\.\.\/src\/shop\.ts"/);
  edit(root, "tsconfig.json", (text) => text.replace('"allowImportingTsExtensions":true,', ""));
  assert.match((await streamgen(root, "build")).stderr, /files written/);
  assert.match(topics(root), /"\.\.\/src\/shop\.js"/);
  edit(root, "streamgen.config.json", () => '{ "app": "other" }');
  assert.match((await streamgen(root, "build")).stderr, /files written/);
});

test("a generated file that was edited is found and mended", async () => {
  const root = shop();
  await streamgen(root, "build");
  const before = topics(root);
  edit(root, "generated/topics.ts", (text) => `${text}// mine\n`);
  const checked = await streamgen(root, "check", "--no-types");
  assert.equal(checked.status, 3);
  assert.match(checked.stdout, /^-\/\/ mine$/m);
  assert.equal((await streamgen(root, "build")).status, 0);
  assert.equal(topics(root), before);
});

test("a program that is wrong leaves the last good output, and says where", async () => {
  const root = shop();
  await streamgen(root, "build");
  const before = topics(root);
  edit(root, "src/shop.ts", (text) => text.replace("tags: string[]", "tags: any"));
  const failed = await streamgen(root, "build");
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /^error SG\d{4}: .*\n {2}src\/shop\.ts:\d+:\d+\n/);
  assert.doesNotMatch(failed.stderr, stackLine);
  assert.equal(topics(root), before);
  const json = await streamgen(root, "build", "--json");
  const lines = json.stdout.trimEnd().split("\n");
  const codes = lines.map((line): { readonly code: unknown } => JSON.parse(line));
  assert.match(String(codes[0]?.code), /^SG\d{4}$/);
  assert.equal(codes.at(-1)?.code, 1);
});

test("a check asks the project's own compiler, and says what it says", async () => {
  const root = shop();
  await streamgen(root, "build");
  edit(root, "src/shop.ts", (text) => `${text}\nexport const wrong: number = "text";\n`);
  const checked = await streamgen(root, "check");
  assert.equal(checked.status, 1);
  assert.match(checked.stderr, /^src\/shop\.ts\(\d+,14\): error TS2322: /m);
  const [, types] = (await streamgen(root, "check", "--json")).stdout.trimEnd().split("\n");
  assert.match(types ?? "", /^\{"type":"types","isFine":false,"output":"src\/shop\.ts/);
  assert.equal((await streamgen(root, "check", "--no-types", "--quiet")).status, 0);
});

test("in GitHub's workflows diagnostics are annotations as well", async () => {
  const root = temporaryProject({ "streamgen.config.json": '{ "ap": "shop" }' });
  let printed = "";
  const stream = {
    write: (text: string) => {
      printed += text;
    },
  };
  const around = { stdout: stream, stderr: stream, env: { GITHUB_ACTIONS: "true" } };
  assert.equal(await runCommandLine(["build", "--cwd", root], around), 2);
  assert.match(printed, /^::error file=streamgen\.config\.json,line=1,col=4,title=SG5903::/m);
});

test("a check of what was never built is one message, without a diff", async () => {
  const root = shop();
  const checked = await streamgen(root, "build", "--check");
  assert.equal(checked.status, 3);
  assert.equal(checked.stdout, "");
  assert.match(checked.stderr, /SG4901: nothing is generated yet\n.*run npx streamgen build\n/s);
});

test("a check warns of files beside the generated ones", async () => {
  const root = shop();
  await streamgen(root, "build");
  writeFileSync(path.join(root, "generated/extra.ts"), "export {};\n");
  const checked = await streamgen(root, "build", "--check");
  assert.equal(checked.status, 0);
  assert.match(checked.stderr, /warning SG4904: "generated\/extra\.ts" is not a generated file/);
  assert.equal(checked.stderr.match(/SG4904/g)?.length, 1);
});

test("a file of somebody's own is not overwritten", async () => {
  const root = temporaryProject({
    "src/shop.ts": shopSource(),
    "generated/worker.ts": "export const mine = true;\n",
  });
  const failed = await streamgen(root, "build");
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /SG4902: "generated\/worker\.ts" is not a generated file/);
  assert.ok(!existsSync(path.join(root, "generated/topics.ts")));
});

test("output inside of the sources is not read as a source", async () => {
  const root = temporaryProject({
    "src/shop.ts": shopSource(),
    "streamgen.config.json":
      '{ "app": "shop", "out": "src/generated", "include": ["src/shop.ts", "src/**/*.ts", "lib/**"] }',
  });
  assert.equal((await streamgen(root, "build")).status, 0);
  edit(root, "src/shop.ts", (text) => `${text}\n`);
  const again = await streamgen(root, "build");
  assert.equal(again.status, 0, again.stderr);
  assert.match(again.stderr, /3 topics/);
});

test("a configuration that is wrong or missing is one message, and another exit code", async () => {
  const root = temporaryProject({ "streamgen.config.json": '{ "ap": "shop" }' });
  const wrong = await streamgen(root, "build");
  assert.equal(wrong.status, 2);
  assert.match(
    wrong.stderr,
    /SG5903: the configuration has no key "ap"\n {2}streamgen\.config\.json:1:4/,
  );
  const missing = await streamgen(temporaryFolder(), "build");
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /SG5901/);
  assert.doesNotMatch(wrong.stderr + missing.stderr, stackLine);
});

test("settings for a topic that nobody declares are reported at their place", async () => {
  const root = temporaryProject({
    "src/shop.ts": shopSource(),
    "streamgen.config.json": '{ "app": "shop",\n  "topics": { "ordres": { "partitions": 6 } } }',
  });
  const { status, stderr } = await streamgen(root, "build");
  assert.equal(status, 1);
  assert.match(stderr, /SG5909: .*"ordres", which is no topic\n {2}streamgen\.config\.json:2:16/);
  assert.match(stderr, /fix {3}write "orders"/);
});

test("wrong usage is one message that says what to type", async () => {
  const root = temporaryFolder();
  const wrong = streamgenProcess(root, "biuld");
  assert.equal(wrong.status, 2);
  assert.equal(wrong.stderr, 'error: there is no command "biuld"\n  fix   write streamgen build\n');
  assert.equal((await streamgen(root, "build", "--cwd", "nowhere")).status, 2);
  const run = await streamgen(root, "run");
  assert.equal(run.status, 2);
  assert.match(run.stderr, /SG5901/);
  assert.match((await streamgen(root, "--version")).stdout, /^\d+\.\d+\.\d+\n$/);
  assert.match((await streamgen(root, "--help")).stdout, /^Usage: streamgen <command>/);
});

test("a watch builds after each change, keeps the last good output, and ends by Ctrl-C", async () => {
  const root = shop();
  const child = startStreamgen(root, "build", "--watch");
  let text = "";
  let arrived = (): void => undefined;
  child.stderr?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    arrived();
  });
  const says = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(text)) {
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
    text = "";
  };
  await says(/files written[\s\S]*watching/);
  edit(root, "src/shop.ts", (source) => source.replace('"7d"', '"8d"'));
  await says(/^ {2}\d\d:\d\d:\d\d {2}3 files written {3}\d+\.\d s\n$/);
  assert.match(topics(root), /691_200_000/);
  edit(root, "src/shop.ts", (source) => source.replace("tags: string[]", "tags: any"));
  await says(/error SG\d{4}[\s\S]*\d\d:\d\d:\d\d {2}1 error; the last output stays {3}/);
  assert.match(topics(root), /691_200_000/);
  edit(root, "src/shop.ts", (source) => source.replace("tags: any", "tags: string[]"));
  await says(/up to date/);
  child.kill("SIGINT");
  const [code] = await new Promise<readonly unknown[]>((resolve) => {
    child.on("close", (...ending) => resolve(ending));
  });
  assert.equal(code, 0);
});
