/** Generated codecs as code: what compilers, linters and attackers make of them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { Program } from "../../../compiler/model/program.ts";
import type { FieldModel } from "../../../compiler/model/type.ts";
import { random } from "../../random.ts";
import { temporaryFolder } from "../../temporary.ts";
import { emitted, load } from "./codec-load.ts";
import { randomProgram, span } from "./codec-models.ts";
import { sourceText } from "./codec-source.ts";

const root = path.join(import.meta.dirname, "../../..");
const seed = Number(process.env["SEED"] ?? 20_261_121);

/** A project with the codecs of random programs, and the sources that they are made from. */
function project(): string {
  const folder = temporaryFolder({
    "package.json": '{ "type": "module" }',
    "biome.json": readFileSync(path.join(root, "biome.json"), "utf8")
      .replace(/"\$schema": "[^"]*",/, "")
      .replace('"enabled": true, "clientKind"', '"enabled": false, "clientKind"')
      .replace(/"files": \{[^}]*\}/, '"files": { "includes": ["generated/**"] }'),
    "tsconfig.json": JSON.stringify({
      extends: path.join(root, "tsconfig.base.json"),
      compilerOptions: {
        noEmit: true,
        paths: {
          "@streamgen/runtime/codec": [path.join(root, "runtime/codec/index.ts")],
          streamgen: [path.join(root, "compiler/language/index.ts")],
        },
        typeRoots: [path.join(root, "node_modules/@types")],
      },
      include: ["src", "generated"],
    }),
  });
  mkdirSync(path.join(folder, "src"));
  mkdirSync(path.join(folder, "generated/codecs"), { recursive: true });
  for (let index = 0; index < 4; index++) {
    const module = `src/model${index}.ts`;
    const { program } = randomProgram(random(seed + index), 15, module);
    writeFileSync(path.join(folder, module), sourceText(program));
    for (const { path: name, text } of emitted(program)) {
      if (name.endsWith(".ts")) writeFileSync(path.join(folder, "generated", name), text);
    }
  }
  return folder;
}

const folder = project();

/** Runs a program of this repository's; what it says, and nothing where it is content. */
function complaints(script: string, parameters: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, "node_modules", script), ...parameters],
    { cwd: folder, encoding: "utf8" },
  );
  return status === 0 ? "" : `seed ${seed}\n${stdout}${stderr}`.slice(0, 4000);
}

test("generated codecs pass the strictest compiler", () => {
  assert.equal(complaints("typescript/bin/tsc", ["-p", "."]), "");
});

test("generated codecs pass the linter, without suppressions", () => {
  assert.equal(
    complaints("@biomejs/biome/bin/biome", ["lint", "--error-on-warnings", "generated"]),
    "",
  );
});

test("a formatter finds nothing to change in generated codecs", () => {
  const biome = "@biomejs/biome/bin/biome";
  const sorting = ["--formatter-enabled=true", "--linter-enabled=false", "--assist-enabled=true"];
  assert.equal(complaints(biome, ["check", ...sorting, "generated"]), "");
});

const attacks = [
  '"); globalThis.attacked = true; ("',
  "'); globalThis.attacked = true; ('",
  "`${(globalThis.attacked = true)}`",
  "*/ globalThis.attacked = true; /*",
  "\nglobalThis.attacked = true;\n//",
  "\u2028globalThis.attacked = true;\u2029",
  "{{attacked}} «0» \\",
  "</script>",
];

/** A program in which every text of the user's is the attack. */
function attacked(attack: string): Program {
  const field: FieldModel = {
    name: attack,
    wireName: attack,
    type: { kind: "enum", name: "test.Attack" },
    optional: false,
    doc: attack,
    default: attack,
    aliases: [attack],
    span,
  };
  const { program } = randomProgram(random(1), 1, `src/${attack}.ts`);
  const records = program.records.map((record) => ({
    ...record,
    doc: attack,
    aliases: [attack],
    fields: [field, { ...field, name: `${attack} optional`, wireName: "optional" }],
  }));
  const attackEnum = {
    name: "test.Attack",
    doc: attack,
    symbols: [attack],
    declaration: { kind: "inline" },
    span,
  } as const;
  return { ...program, records, enums: [attackEnum], groups: [] };
}

test("no text of the user's becomes code", async () => {
  for (const [index, attack] of attacks.entries()) {
    const program = attacked(attack);
    const { codec } = await load(program, folder, `attack${index}`);
    for (const { typescriptName } of program.records) {
      const value = { [attack]: attack, [`${attack} optional`]: attack };
      const { toJson, schema } = codec(typescriptName);
      assert.deepEqual(toJson(value), value);
      assert.ok(JSON.stringify(schema).includes(JSON.stringify(attack)));
    }
    assert.equal(Reflect.get(globalThis, "attacked"), undefined);
  }
});

test("a name that is none is refused, not printed", () => {
  for (const name of ["x; attack()", "a-b", "class", "", "a\nb"]) {
    const { program } = randomProgram(random(1), 1, "src/model.ts");
    const [record] = program.records;
    assert.ok(record);
    const renamed = {
      ...record,
      name: `test.${name}`,
      fields: [],
      declaration: { ...record.declaration, kind: "export", name },
    };
    // Nothing but the names is changed; what the model says of them is wrong on purpose.
    const broken = { ...program, records: [renamed], topics: [], groups: [] } as Program;
    assert.throws(() => emitted(broken), /SG9001/);
  }
});
