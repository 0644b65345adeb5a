/** The style of the house, as far as a program can judge it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "..");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const sources = tracked.filter(
  (file) => /^(compiler|runtime)\/.*\.ts$/.test(file) && !file.includes("/generated/"),
);

/** The rooms and what each may import, itself aside. A file directly under the root is its own room. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "compiler/language": [],
  "compiler/model": [],
  "compiler/diagnostics": ["compiler/model"],
  "compiler/config": ["compiler/model", "compiler/diagnostics", "tsx"],
  "compiler/discover": ["compiler/model", "compiler/diagnostics", "ts-morph"],
  "compiler/target": ["compiler/model", "compiler/diagnostics", "compiler/config", "ts-morph"],
  "compiler/read": ["compiler/model", "compiler/diagnostics", "compiler/discover", "ts-morph"],
  "compiler/check": ["compiler/model", "compiler/diagnostics"],
  "compiler/emit": ["compiler/model", "compiler/config", "handlebars"],
  "compiler/write": ["compiler/emit", "compiler/diagnostics", "diff"],
  "compiler/explain.ts": ["compiler/model"],
  "compiler/compile.ts": [
    "compiler/model",
    "compiler/diagnostics",
    "compiler/config",
    "compiler/discover",
    "compiler/target",
    "compiler/read",
    "compiler/check",
    "compiler/emit",
  ],
  "compiler/init": ["compiler/diagnostics", "compiler/config", "compiler/emit"],
  "compiler/cli": [
    "compiler/model",
    "compiler/diagnostics",
    "compiler/check",
    "compiler/config",
    "compiler/write",
    "compiler/init",
    "compiler/emit",
    "compiler/compile.ts",
    "compiler/explain.ts",
    "chokidar",
  ],
  "runtime/errors.ts": [],
  "runtime/clock.ts": ["runtime/errors.ts"],
  "runtime/span.ts": [],
  "runtime/avro": ["runtime/errors.ts"],
  "runtime/codec": ["runtime/errors.ts", "runtime/clock.ts", "runtime/avro"],
  "runtime/log": ["runtime/errors.ts", "runtime/clock.ts", "runtime/avro", "runtime/codec"],
};
const runtimeChain = ["log", "state", "stream", "worker", "web", "cli", "testing"].map(
  (room) => `runtime/${room}`,
);
/** Packages that one room of the chain knows alone. */
const runtimeLibraries: Readonly<Record<string, readonly string[]>> = {
  "runtime/log": ["kafkajs"],
  "runtime/state": ["rocksdb-native", "rocksdb"],
};

const roomOf = (file: string): string => {
  const [top = "", second = ""] = file.split("/");
  return `${top}/${second}`;
};

function allowed(room: string): readonly string[] | undefined {
  const libraries = runtimeLibraries[room] ?? [];
  const listed = rooms[room];
  if (listed !== undefined) return [...listed, ...libraries];
  const place = runtimeChain.indexOf(room);
  if (place < 0) return undefined;
  const below = [...(rooms["runtime/log"] ?? []), "runtime/span.ts"];
  return [...below, ...runtimeChain.slice(0, place), ...libraries];
}

/** What a file imports: rooms of this repository, or names of packages. */
function imports(file: string): readonly string[] {
  const specifiers = [
    ...read(file).matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"/gm),
    ...read(file).matchAll(/\bimport\("([^"]+)"\)/g),
    ...read(file).matchAll(/^import "([^"]+)"/gm),
  ].map((match) => match[1] ?? "");
  return specifiers
    .filter((specifier) => !specifier.startsWith("node:"))
    .map((specifier) =>
      specifier.startsWith(".")
        ? roomOf(path.posix.join(path.posix.dirname(file), specifier))
        : specifier.split("/")[0] === "@streamgen"
          ? "@streamgen/runtime"
          : (specifier.split("/")[0] ?? ""),
    );
}

test("every room imports only what it may", () => {
  const wrong = sources.flatMap((file) => {
    const room = roomOf(file);
    const may = allowed(room);
    if (may === undefined) return [`${file}: the room ${room} is not in the table of rooms`];
    return imports(file)
      .filter((target) => target !== room && !may.includes(target))
      .map((target) => `${file} imports ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test("only one file knows Handlebars", () => {
  const knowing = sources.filter((file) => imports(file).includes("handlebars"));
  assert.deepEqual(knowing, ["compiler/emit/render.ts"]);
});

/** Longer than 300 lines, each with its reason. The list may only shrink. */
const longFiles: Readonly<Record<string, string>> = {};

test("a source file has one idea: at most 300 lines", () => {
  const long = sources.filter(
    (file) => read(file).split("\n").length - 1 > 300 && longFiles[file] === undefined,
  );
  assert.deepEqual(long, []);
});

test("no file or folder has a name that says nothing", () => {
  const empty = /(^|[/-])(utils?|helpers?|common|base|manager|impl|internal|misc|types)(\.|\/|-|$)/;
  assert.deepEqual(
    sources.filter((file) => empty.test(file)),
    [],
  );
});

test("nothing is left to do, and nothing is silenced", () => {
  const marks = /\b(TODO|FIXME|XXX)\b|@ts-(ignore|nocheck|expect-error)|\bas any\b|: any[,;)\]>=]/;
  const wrong = sources.flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, index) => (marks.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  assert.deepEqual(wrong, []);
});

/** Linter suppressions in sources, each with its reason beside it. The number may only fall. */
const suppressionsMax = 2;

test("suppressions of the linter are rare", () => {
  const found = sources.flatMap((file) =>
    read(file)
      .split("\n")
      .filter((line) => line.includes("biome-ignore"))
      .map((line) => `${file}: ${line.trim()}`),
  );
  assert.ok(found.length <= suppressionsMax, found.join("\n"));
});

test("text becomes code through one door", () => {
  const doors = sources.filter((file) => /\bnew Finished\b|\bas Code\b/.test(read(file)));
  assert.deepEqual(doors, ["compiler/emit/code.ts"]);
});

test("a template has names, each and if, and no logic", () => {
  const templates = tracked.filter((file) => /^templates\/[^/]+\.hbs$/.test(file));
  assert.ok(templates.length > 0);
  const wrong = templates.flatMap((file) =>
    [...read(file).matchAll(/\{\{\{|\{\{#(?!each\b|if\b)[^}]*\}\}|@root|\(/g)]
      .filter((match) => match[0] !== "(")
      .map((match) => `${file}: ${match[0]}`),
  );
  assert.deepEqual(wrong, []);
  const lines = templates.reduce((sum, file) => sum + read(file).split("\n").length - 1, 0);
  assert.ok(lines <= 300, `${lines} lines of templates`);
});

test("every relative link in the documentation leads somewhere", () => {
  const pages = tracked.filter((file) =>
    /^(README|CHANGELOG|docs\/.*|examples\/.*)\.?md$/.test(file),
  );
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map((match) => path.posix.join(path.posix.dirname(page), match[1] ?? "").replace(/\/$/, ""))
      .filter((target) => !tracked.some((file) => file === target || file.startsWith(`${target}/`)))
      .map((target) => `${page}: ${target}`),
  );
  assert.deepEqual(broken, []);
});
