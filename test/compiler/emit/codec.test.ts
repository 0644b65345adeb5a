import assert from "node:assert/strict";
import test from "node:test";
import avsc from "avsc";
import { projectionsOf } from "../../../compiler/emit/codec/projection.ts";
import { projectedReader } from "../../../compiler/emit/names.ts";
import type { Program } from "../../../compiler/model/program.ts";
import type { RecordModel } from "../../../compiler/model/type.ts";
import { schemaText } from "../../../runtime/avro/schema.ts";
import {
  type Codec,
  decode,
  encode,
  JsonValue,
  Reader,
  readWhole,
} from "../../../runtime/codec/index.ts";
import { StreamgenError } from "../../../runtime/errors.ts";
import { type Random, random } from "../../random.ts";
import { temporaryFolder } from "../../temporary.ts";
import { emitted, load } from "./codec-load.ts";
import { randomProgram } from "./codec-models.ts";
import { randomValue } from "./codec-values.ts";

const seed = Number(process.env["SEED"] ?? 20_261_121);
const folder = temporaryFolder();
const programs = 21;
const rootsPerProgram = 25;
const valuesPerRoot = 40;

interface Case {
  readonly program: Program;
  readonly root: RecordModel;
  readonly codec: Codec<unknown>;
  readonly oracle: avsc.Type;
  /** The names of the fields that the projection decodes. */
  readonly fields: readonly string[];
  readonly project: (reader: Reader) => unknown;
  readonly random: Random;
}

/** Each root record of many random programs, with its codec as compiled code. */
const cases: Promise<readonly Case[]> = makeCases();

async function makeCases(): Promise<readonly Case[]> {
  const made: Case[] = [];
  for (let index = 0; index < programs; index++) {
    const source = random(seed + index);
    const { program, roots } = randomProgram(source, rootsPerProgram, "src/model.ts");
    const loaded = await load(program, folder, `codecs${index}`);
    for (const root of roots) {
      const codec = loaded.codec(root.typescriptName);
      const topic = program.topics.find(({ name }) => name === root.name);
      const group = program.groups.find(({ topics }) => topics.includes(root.name));
      assert.ok(topic && group);
      made.push({
        program,
        root,
        codec,
        oracle: avsc.Type.forSchema(JSON.parse(schemaText(codec.schema)), { wrapUnions: true }),
        fields: projectionsOf(program).find(({ record }) => record === root.name)?.fields ?? [],
        project: loaded.projection(projectedReader(topic, group)),
        random: source,
      });
    }
  }
  return made;
}

/** Runs `check` for random values of every case; a failure names the seed and the record. */
async function forEachValue(
  count: number,
  check: (each: Case, value: unknown, oracle: unknown) => void,
): Promise<void> {
  for (const each of await cases) {
    for (let index = 0; index < count; index++) {
      const type = { kind: "record", name: each.root.name } as const;
      const { value, oracle } = randomValue(each.random, each.program, type);
      try {
        check(each, value, oracle);
      } catch (error) {
        const place = `seed ${seed}, ${each.root.name}, fields ${each.root.fields.length}`;
        throw new Error(`${place}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
    }
  }
}

function readerOf(bytes: Buffer): Reader {
  const reader = new Reader();
  reader.reset(bytes, 0, bytes.length);
  return reader;
}

/** The value, or the error if it is one that codecs may throw. */
function attempt(action: () => unknown): { readonly value: unknown } | StreamgenError {
  try {
    return { value: action() };
  } catch (error) {
    if (error instanceof StreamgenError) return error;
    throw error;
  }
}

test("generated codecs write the bytes that avsc writes, and read them back", async () => {
  await forEachValue(valuesPerRoot, ({ codec, oracle }, value, expected) => {
    const bytes = encode(codec, value);
    assert.deepEqual(bytes.toString("hex"), oracle.toBuffer(expected).toString("hex"));
    assert.deepEqual(decode(codec, bytes), value);
  });
});

test("values survive JSON", async () => {
  await forEachValue(valuesPerRoot, ({ codec }, value) => {
    const json: unknown = JSON.parse(JSON.stringify(codec.toJson(value)));
    assert.deepEqual(codec.fromJson(new JsonValue(json)), value);
  });
});

test("a projection gives the fields it is for, and reads to the end", async () => {
  await forEachValue(10, ({ codec, fields, project }, value) => {
    const reader = readerOf(encode(codec, value));
    const projected = project(reader);
    const wanted = Object.entries(Object(value)).filter(([name]) => fields.includes(name));
    assert.deepEqual(projected, Object.fromEntries(wanted));
    assert.equal(reader.position, reader.end);
  });
});

test("bytes that end early are refused at every cut, by projections too", async () => {
  await forEachValue(1, ({ codec, project }, value) => {
    const bytes = encode(codec, value);
    for (let end = 0; end < Math.min(bytes.length, 300); end++) {
      const cut = bytes.subarray(0, end);
      assert.ok(attempt(() => decode(codec, cut)) instanceof StreamgenError);
      const reader = new Reader();
      // Inside a longer buffer, where reading on would find bytes.
      reader.reset(bytes, 0, end);
      assert.ok(attempt(() => readWhole(codec, reader, project)) instanceof StreamgenError);
    }
  });
});

test("flipped bits give a value or an error, and projections refuse the same", async () => {
  await forEachValue(12, ({ codec, project, random: source }, value) => {
    const bytes = encode(codec, value);
    if (bytes.length === 0) return;
    for (let flips = 1 + source.int(3); flips > 0; flips--) {
      const at = source.int(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << source.int(8));
    }
    const whole = attempt(() => decode(codec, bytes));
    const part = attempt(() => readWhole(codec, readerOf(bytes), project));
    assert.equal(part instanceof StreamgenError, whole instanceof StreamgenError);
    if (whole instanceof StreamgenError && part instanceof StreamgenError) {
      assert.equal(part.code, whole.code);
      assert.equal(part.place.position, whole.place.position);
    }
  });
});

test("random bytes give a value or an error", async () => {
  for (const { codec, random: source } of await cases) {
    for (let index = 0; index < 10; index++) {
      attempt(() => decode(codec, source.bytes(source.int(60))));
    }
  }
});

test("the same program gives the same bytes", () => {
  const { program } = randomProgram(random(seed), rootsPerProgram, "src/model.ts");
  assert.deepEqual(emitted(program), emitted(program));
});
