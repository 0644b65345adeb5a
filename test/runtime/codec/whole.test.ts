import assert from "node:assert/strict";
import test from "node:test";
import { type Codec, decode, encode, Writer, writeWhole } from "../../../runtime/codec/index.ts";
import { StreamgenError } from "../../../runtime/errors.ts";

interface Line {
  readonly sku: string;
  readonly price: number;
}

interface Order {
  readonly id: string;
  readonly items: readonly Line[];
  readonly notes: Readonly<Record<string, number>>;
  readonly coupon: string | null;
}

/** As generated code would be, but for the parts about JSON. */
const orderCodec: Codec<Order> = {
  schema: {
    type: "record",
    name: "shop.Order",
    fields: [
      { name: "id", type: "string" },
      {
        name: "items",
        type: {
          type: "array",
          items: {
            type: "record",
            name: "shop.Line",
            fields: [
              { name: "sku", type: "string" },
              { name: "price", type: "int" },
            ],
          },
        },
      },
      { name: "notes", type: { type: "map", values: "int" } },
      { name: "coupon", type: ["null", "string"] },
    ],
  },
  write(writer, order) {
    writer.string(order.id);
    writer.block(order.items.length);
    for (const line of order.items) {
      writer.string(line.sku);
      writer.int(line.price);
    }
    writer.end();
    const keys = Object.keys(order.notes);
    writer.block(keys.length);
    for (const key of keys) {
      const value = order.notes[key] ?? 0;
      writer.string(key);
      writer.int(value);
    }
    writer.end();
    if (writer.present(order.coupon)) writer.string(order.coupon);
  },
  read(reader) {
    const id = reader.string();
    const items: Line[] = [];
    for (let left = reader.block(2); left > 0; left = reader.block(2)) {
      for (; left > 0; left--) items.push({ sku: reader.string(), price: reader.int() });
    }
    const notes: Record<string, number> = {};
    for (let left = reader.block(2); left > 0; left = reader.block(2)) {
      for (; left > 0; left--) notes[reader.string()] = reader.int();
    }
    return { id, items, notes, coupon: reader.present() ? reader.string() : null };
  },
  toJson: () => null,
  fromJson: (json) => json.fail("nothing"),
};

const order: Order = {
  id: "o-1",
  items: [
    { sku: "a", price: 1 },
    { sku: "b", price: 2 },
    { sku: "c", price: 3 },
  ],
  notes: { first: 1, "two words": 2 },
  coupon: "X",
};

const bytes = encode(orderCodec, order);

/** The error's code, field and byte. */
function placeOf(action: () => unknown): readonly unknown[] {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof StreamgenError);
    return [error.code, error.place.field, error.place.position];
  }
  return [];
}

test("an error names the field in which the bytes end", () => {
  const fields = Array.from({ length: bytes.length }, (_, end) => {
    const [code, field] = placeOf(() => decode(orderCodec, bytes.subarray(0, end)));
    assert.ok(code === "SG5001" || code === "SG5003");
    return field;
  });
  assert.deepEqual(
    [...new Set(fields)],
    // A count that the bytes left cannot hold is refused before the first item is read.
    [
      ...["id", "items", "items[2].sku", "items[2].price"],
      ...["notes", 'notes["first"]', 'notes["two words"]', "coupon"],
    ],
  );
});

test("an error names the field and the byte of what is wrong in it", () => {
  const broken = Buffer.from(bytes);
  // id takes four bytes, the count one, the first line four; then the length of the second sku.
  broken[8] = 1;
  assert.deepEqual(
    placeOf(() => decode(orderCodec, broken)),
    ["SG5003", "items[1].sku", 8],
  );
});

test("bytes behind the value are an error", () => {
  const longer = Buffer.concat([bytes, Buffer.from([0])]);
  assert.deepEqual(
    placeOf(() => decode(orderCodec, longer)),
    ["SG5006", undefined, bytes.length],
  );
});

test("an error of writing names the field, and leaves the writer as it was", () => {
  const writer = new Writer();
  writer.string("before");
  const before = Buffer.from(writer.written());
  const items = [...order.items.slice(0, 2), { sku: "c", price: 0.5 }];
  const write = (value: Order) => () => writeWhole(orderCodec, writer, value);
  assert.deepEqual(placeOf(write({ ...order, items })).slice(0, 2), ["SG5010", "items[2].price"]);
  assert.deepEqual(placeOf(write({ ...order, id: "\ud800" })).slice(0, 2), ["SG5010", "id"]);
  const notes = { first: 1, "two words": 2 ** 40 };
  assert.deepEqual(placeOf(write({ ...order, notes })).slice(0, 2), [
    "SG5010",
    'notes["two words"]',
  ]);
  assert.deepEqual(writer.written(), before);
});

test("a value without a part that its type has is an error, not a crash", () => {
  const { items: _, ...rest } = order;
  assert.deepEqual(placeOf(() => encode(orderCodec, rest as Order)).slice(0, 2), [
    "SG5010",
    "items",
  ]);
});

test("frozen values are traced too", () => {
  const items = Object.freeze([Object.freeze({ sku: "c", price: 0.5 })]);
  const frozen = Object.freeze({ ...order, items });
  assert.deepEqual(placeOf(() => encode(orderCodec, frozen)).slice(0, 2), [
    "SG5010",
    "items[0].price",
  ]);
});
