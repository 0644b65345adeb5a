import assert from "node:assert/strict";
import test from "node:test";
import {
  arrayFromJson,
  bytesFromJson,
  dateFromJson,
  decimalFromJson,
  durationFromJson,
  intFromJson,
  JsonValue,
  longFromJson,
  mapFromJson,
  mapToJson,
  numberFromJson,
  numberToJson,
  numberToUnionJson,
  safeLongFromJson,
  symbolFromJson,
  textFromJson,
  uuidFromJson,
} from "../../../runtime/codec/index.ts";
import { StreamgenError } from "../../../runtime/errors.ts";

const at = (value: unknown): JsonValue => new JsonValue(value);

function says(message: string, action: () => unknown): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof StreamgenError);
    assert.equal(error.code, "SG5020");
    assert.equal(error.message, message);
    return true;
  });
}

test("an error names the path, what was expected and what was found", () => {
  const json = at({ items: [{ price: 1 }, { price: "x" }] });
  says('items[1].price: expected a number, found "x"', () =>
    arrayFromJson(json.field("items"), (item) => numberFromJson(item.field("price"))),
  );
  says("items: expected an object, found an array", () => json.field("items").record(["a"]));
  says("total is missing", () => numberFromJson(json.field("total")));
  says('["two words"]: there is no such property', () => at({ "two words": 1 }).record(["one"]));
  says("expected a string, found null", () => textFromJson(at(null)));
});

test("properties that every object has are not found in an empty one", () => {
  const json = at({});
  assert.equal(json.has("constructor"), false);
  assert.equal(json.field("toString").value, undefined);
  assert.equal(json.isTagged("constructor", "x"), false);
});

test("a map takes any name as data", () => {
  const json: unknown = JSON.parse('{"__proto__": 1, "constructor": 2}');
  const map = mapFromJson(at(json), intFromJson);
  assert.deepEqual(Object.entries(map), [
    ["__proto__", 1],
    ["constructor", 2],
  ]);
  assert.equal(Object.getPrototypeOf(map), null);
  assert.equal(JSON.stringify(mapToJson(map, (value) => value)), '{"__proto__":1,"constructor":2}');
});

test("numbers that JSON lacks are text, tagged in unions", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1.5]) {
    const text: unknown = JSON.parse(JSON.stringify(numberToJson(value)));
    assert.ok(Object.is(numberFromJson(at(text)), value));
    const tagged: unknown = JSON.parse(JSON.stringify(numberToUnionJson(value)));
    assert.ok(at(tagged).isNumber());
    assert.ok(Object.is(numberFromJson(at(tagged)), value));
  }
});

test("each scalar takes its own forms only", () => {
  assert.equal(longFromJson(at("-9223372036854775808")), -(2n ** 63n));
  assert.equal(longFromJson(at(5)), 5n);
  assert.deepEqual(dateFromJson(at("2026-11-21T09:30:00Z")), new Date("2026-11-21T09:30:00Z"));
  assert.deepEqual(dateFromJson(at("2026-11-21T09:30+01:00")), new Date("2026-11-21T08:30:00Z"));
  assert.deepEqual(dateFromJson(at(86_400_000)), new Date("1970-01-02"));
  assert.deepEqual(bytesFromJson(at("AQI=")), new Uint8Array([1, 2]));
  assert.deepEqual(bytesFromJson(at("_-8")), new Uint8Array([255, 239]));
  assert.equal(decimalFromJson(at("1.5"), 5, 2), "1.50");
  assert.equal(decimalFromJson(at(1.5), 5, 2), "1.50");
  assert.deepEqual(durationFromJson(at({ months: 1, days: 2, millis: 3 })).days, 2);
  const wrong: readonly (readonly [(json: JsonValue) => unknown, unknown])[] = [
    [intFromJson, 1.5],
    [intFromJson, "1"],
    [safeLongFromJson, 2 ** 53],
    [longFromJson, "9223372036854775808"],
    [longFromJson, "1.0"],
    [dateFromJson, "2026-11-21"],
    [dateFromJson, "2026-11-21T09:30:00"],
    [dateFromJson, "2026-13-21T09:30:00Z"],
    [dateFromJson, 8.64e15 + 1],
    [bytesFromJson, "A"],
    [bytesFromJson, "A$=="],
    [uuidFromJson, "0"],
    [textFromJson, "\ud800"],
    [(json) => decimalFromJson(json, 5, 2), "1.505"],
    [(json) => symbolFromJson(json, ["new"]), "old"],
    [durationFromJson, { months: 1, days: 2 }],
  ];
  for (const [read, value] of wrong) {
    assert.throws(() => read(at(value)), StreamgenError, JSON.stringify(value));
  }
});

test("documents that are nested without end are refused", () => {
  const deep: unknown = JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`);
  const read = (json: JsonValue): unknown => arrayFromJson(json, read);
  assert.throws(() => read(at(deep)), StreamgenError);
});
