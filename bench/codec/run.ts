/**
 * Generated codecs against avsc, in one process, in turns: medians of the rounds, as ratios. With
 * `--smoke` it only shows that everything runs. Exits with 1 when a bar is missed.
 */
import assert from "node:assert/strict";
import avsc from "avsc";
import { schemaText } from "../../runtime/avro/schema.ts";
import { decode, encode, Reader, Writer } from "../../runtime/codec/index.ts";
import { records } from "./data.ts";
import { type Generated, loadGenerated } from "./generated.ts";
import { type OtherSchema, otherSchema } from "./other-schema.ts";

const isSmoke = process.argv.includes("--smoke");
const count = isSmoke ? 100 : 2000;
const rounds = isSmoke ? 1 : 9;
const roundMs = isSmoke ? 1 : 20;

/** How much faster than avsc the generated code has to be. */
const bars: Readonly<Record<string, Bars>> = {
  Order: { decode: 1.5, encode: 3.3, project: 5, other: 0.3 },
  PageView: { decode: 1.7, encode: 2, project: 5, other: 0.3 },
  Article: { decode: 1.3, encode: 2.5, project: 5, other: 0.3 },
};

interface Bars {
  readonly decode: number;
  readonly encode: number;
  readonly project: number;
  /** Another program's schema: a plan that is walked, where avsc compiles code. */
  readonly other: number;
}

/** What was made last, so that nothing is optimised away. */
let last: unknown;

type Work = () => void;

interface Row {
  readonly shape: string;
  readonly work: string;
  readonly avsc: number;
  readonly generated: number;
  readonly bar: number;
}

const generated = await loadGenerated();
const rows: Row[] = [];
for (const shape of Object.keys(bars)) {
  const each = generated(shape);
  const other = await otherSchema(each.codec, records(shape, count));
  rows.push(...measureShape(shape, each, other));
}
report(rows);
const missed = rows.filter((each) => each.avsc / each.generated < each.bar);
process.exitCode = isSmoke || missed.length === 0 || last === undefined ? 0 : 1;

function measureShape(
  shape: string,
  { codec, project }: Generated,
  other: OtherSchema,
): readonly Row[] {
  const type = avsc.Type.forSchema(JSON.parse(schemaText(codec.schema)));
  const values = records(shape, count);
  const encoded = values.map((value) => type.toBuffer(value));
  for (const [index, value] of values.entries()) {
    assert.deepEqual(encode(codec, value), encoded[index]);
    assert.deepEqual(encode(codec, decode(codec, encode(codec, value))), encoded[index]);
  }
  const whole = Buffer.concat(encoded);
  let at = 0;
  const ranges = encoded.map((bytes) => {
    const start = at;
    at += bytes.length;
    return { start, end: at };
  });
  const slices = ranges.map((range) => whole.subarray(range.start, range.end));
  const reader = new Reader();
  const writer = new Writer(1 << 20);
  const decodeWith = (read: (from: Reader) => unknown): Work => {
    return () => {
      for (const range of ranges) {
        reader.reset(whole, range.start, range.end);
        last = read(reader);
      }
    };
  };
  let turn = 0;
  const works = {
    "avsc decode": () => {
      for (const slice of slices) last = type.fromBuffer(slice);
    },
    decode: decodeWith(codec.read),
    project: decodeWith(project),
    "avsc encode": () => {
      for (const value of values) last = type.toBuffer(value);
    },
    encode: () => {
      writer.truncate(0);
      for (const value of values) codec.write(writer, value);
    },
    "avsc other": () => {
      for (const bytes of other.framed) last = other.avsc(bytes);
    },
    other: () => {
      for (let from = 0; from < other.whole.length; ) {
        const end = from + (other.framed[turn++ % other.framed.length]?.length ?? 0);
        reader.reset(other.whole, from, end);
        last = other.format.read(reader);
        from = end;
      }
    },
  };
  const times = medians(works);
  const bar = bars[shape];
  assert.ok(bar !== undefined);
  const decodeAvsc = times["avsc decode"] ?? 0;
  return [
    row(shape, "decode", decodeAvsc, times.decode ?? 0, bar.decode),
    row(shape, "decode two fields", decodeAvsc, times.project ?? 0, bar.project),
    row(shape, "encode", times["avsc encode"] ?? 0, times.encode ?? 0, bar.encode),
    row(shape, "decode another's", times["avsc other"] ?? 0, times.other ?? 0, bar.other),
  ];
}

function row(shape: string, work: string, avscNs: number, ns: number, bar: number): Row {
  return { shape, work, avsc: avscNs, generated: ns, bar };
}

/** Nanoseconds a record, the median over rounds in which each has its turn. */
function medians<Name extends string>(
  works: Readonly<Record<Name, Work>>,
): Partial<Record<Name, number>> {
  const names = Object.keys(works) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (const name of names) for (let warm = 0; warm < (isSmoke ? 1 : 30); warm++) works[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times.get(name)?.push(time(works[name]));
  }
  const medianOf = (list: readonly number[]): number =>
    [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;
  const found: Partial<Record<Name, number>> = {};
  for (const [name, list] of times) found[name] = medianOf(list);
  return found;
}

function time(work: Work): number {
  const start = process.hrtime.bigint();
  let turns = 0;
  let spent = 0;
  do {
    work();
    turns += 1;
    spent = Number(process.hrtime.bigint() - start);
  } while (spent < roundMs * 1e6);
  return spent / turns / count;
}

function report(table: readonly Row[]): void {
  const line = (cells: readonly string[]): string =>
    `${(cells[0] ?? "").padEnd(10)}${(cells[1] ?? "").padEnd(19)}${cells
      .slice(2)
      .map((cell) => cell.padStart(12))
      .join("")}\n`;
  process.stdout.write(line(["shape", "work", "avsc ns", "ours ns", "ratio", "bar", ""]));
  for (const { shape, work, avsc: theirs, generated: ours, bar } of table) {
    const ratio = theirs / ours;
    const verdict = isSmoke ? "not judged" : ratio >= bar ? "ok" : "missed";
    const cells = [theirs.toFixed(0), ours.toFixed(0), ratio.toFixed(2), String(bar), verdict];
    process.stdout.write(line([shape, work, ...cells]));
  }
}
