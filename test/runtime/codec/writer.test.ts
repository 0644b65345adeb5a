import assert from "node:assert/strict";
import test from "node:test";
import { Reader, Writer } from "../../../runtime/codec/index.ts";
import { StreamgenError } from "../../../runtime/errors.ts";

function rejects(expected: string, write: (writer: Writer) => void): void {
  const writer = new Writer();
  assert.throws(
    () => write(writer),
    (error) =>
      error instanceof StreamgenError &&
      error.code === "SG5010" &&
      error.message.includes(expected),
  );
}

/** What a reader makes of what was written. */
function roundTrip<T>(write: (writer: Writer) => void, read: (reader: Reader) => T): T {
  const writer = new Writer(1);
  write(writer);
  const reader = new Reader();
  reader.reset(writer.bytes, 0, writer.position);
  const value = read(reader);
  assert.equal(reader.position, reader.end);
  return value;
}

test("values of another type are refused, not turned into something", () => {
  // What comes out of casts and untyped code.
  const wrong = (value: unknown): never => value as never;
  for (const value of [undefined, null, "1", {}]) {
    rejects("a whole number of 32 bits", (writer) => writer.int(wrong(value)));
    rejects("a whole number of at most", (writer) => writer.safeLong(wrong(value)));
    rejects("a number", (writer) => writer.double(wrong(value)));
    rejects("a number", (writer) => writer.float(wrong(value)));
    rejects("a boolean", (writer) => writer.boolean(wrong(value)));
    rejects("a valid Date", (writer) => writer.date(wrong(value)));
    rejects("a Uint8Array", (writer) => writer.bytesValue(wrong(value)));
  }
  rejects("a bigint of 64 bits", (writer) => writer.long(wrong(1)));
  rejects("a string", (writer) => writer.string(wrong(1)));
});

test("whole numbers have to be whole, and within their type", () => {
  for (const value of [1.5, 2 ** 31, -(2 ** 31) - 1, Number.NaN, Number.POSITIVE_INFINITY]) {
    rejects("a whole number of 32 bits", (writer) => writer.int(value));
  }
  for (const value of [1.5, 2 ** 53, -(2 ** 53), Number.NaN]) {
    rejects("a whole number of at most 2^53 - 1", (writer) => writer.safeLong(value));
  }
  for (const value of [2n ** 63n, -(2n ** 63n) - 1n]) {
    rejects("a bigint of 64 bits", (writer) => writer.long(value));
  }
});

test("text with half a surrogate pair is refused at every length", () => {
  for (const length of [0, 1, 15, 20, 21, 22, 100, 5000]) {
    for (const half of ["\ud800", "\udfff", "\ude00\ud800"]) {
      rejects("lone surrogates", (writer) => writer.string("x".repeat(length) + half));
      rejects("lone surrogates", (writer) => writer.string(`${half}${"é".repeat(length)}`));
      rejects("lone surrogates", (writer) => writer.bareText("x".repeat(length) + half));
    }
  }
});

test("decimals keep their digits or are refused", () => {
  const trip = (text: string, precision: number, scale: number): string =>
    roundTrip(
      (writer) => writer.decimal(text, precision, scale),
      (reader) => reader.decimal(precision, scale),
    );
  assert.equal(trip("12.3", 5, 2), "12.30");
  assert.equal(trip("-0.05", 5, 2), "-0.05");
  assert.equal(trip("0", 5, 2), "0.00");
  assert.equal(trip("12.3000", 5, 2), "12.30");
  assert.equal(trip("128", 3, 0), "128");
  assert.equal(trip("-128", 3, 0), "-128");
  assert.equal(trip(`${"9".repeat(60)}.5`, 61, 1), `${"9".repeat(60)}.5`);
  for (const text of ["12.345", "1000", "", "1e3", " 1", "0x1", "1.", ".5", "NaN", "+1"]) {
    rejects("a decimal", (writer) => writer.decimal(text, 5, 2));
  }
});

test("dates and times are checked against the calendar", () => {
  for (const text of ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1", "x"]) {
    rejects("a date", (writer) => writer.localDate(text));
  }
  for (const text of ["2024-02-29", "0000-01-01", "9999-12-31", "1969-12-31"]) {
    const back = roundTrip(
      (writer) => writer.localDate(text),
      (reader) => reader.localDate(),
    );
    assert.equal(back, text);
  }
  const time = "1969-12-31T23:59:59.999999";
  const back = roundTrip(
    (writer) => writer.localTimestampMicros(time),
    (reader) => reader.localTimestampMicros(),
  );
  assert.equal(back, time);
  rejects("a time", (writer) => writer.localTimestampMillis(time));
  rejects("a time", (writer) => writer.localTimestampMillis("2026-11-21T24:00:01.000"));
  rejects("a time", (writer) => writer.localTimestampMillis("2026-11-21T10:00:00.000Z"));
  rejects("a valid Date", (writer) => writer.date(new Date(Number.NaN)));
  rejects("milliseconds after midnight", (writer) => writer.timeMillis(86_400_000));
  rejects("microseconds after midnight", (writer) => writer.timeMicros(-1n));
});

test("UUIDs, fixed sizes, durations and symbols are checked", () => {
  rejects("a UUID", (writer) => writer.uuid("not a uuid"));
  rejects("a UUID", (writer) => writer.uuid("00000000-0000-0000-0000-00000000000g"));
  rejects("4 bytes", (writer) => writer.fixed(new Uint8Array(5), 4));
  rejects("2^32 - 1", (writer) => writer.duration({ months: -1, days: 0, millis: 0 }));
  rejects('one of "new", "paid"', (writer) =>
    writer.symbol(["new", "paid"], "gone" as "new" | "paid"),
  );
});

test("a writer grows, and forgets what is taken back", () => {
  const writer = new Writer(1);
  writer.string("first");
  const mark = writer.position;
  writer.string("x".repeat(10_000));
  writer.truncate(mark);
  writer.int(7);
  assert.deepEqual(writer.written(), Buffer.from([10, ...Buffer.from("first"), 14]));
});

test("a UUID is refused exactly where its form is another", () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
  const good = "0123abcd-89EF-4000-8000-00000000000f";
  const texts = [good, good.slice(1), `${good}0`, ""];
  for (let index = 0; index < good.length; index++) {
    for (const letter of ["-", "g", "G", "/", ":", "@", "`", "é", "\u0000", "日"]) {
      texts.push(good.slice(0, index) + letter + good.slice(index + 1));
    }
  }
  for (const text of texts) {
    const writer = new Writer();
    if (form.test(text)) {
      writer.uuid(text);
      assert.equal(writer.written().toString("utf8", 1), text);
    } else assert.throws(() => writer.uuid(text), { code: "SG5010" });
  }
});

test("a lone surrogate is refused wherever it stands, and U+FFFD is not", () => {
  for (const length of [1, 20, 43, 44, 45, 64, 300]) {
    for (const at of [0, length >> 1, length - 1]) {
      for (const [letter, isGood] of [
        ["\ud83d", false],
        ["\ude00", false],
        ["\ufffd", true],
        ["\uffee", true],
        ["é", true],
      ] as const) {
        const text = "x".repeat(at) + letter + "é".repeat(length - at - 1);
        const writer = new Writer(8);
        const write = () => writer.string(text);
        if (!isGood) assert.throws(write, { code: "SG5010" });
        else {
          write();
          assert.ok(writer.written().toString().endsWith(text));
        }
      }
    }
  }
});
