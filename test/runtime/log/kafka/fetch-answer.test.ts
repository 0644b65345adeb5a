import assert from "node:assert/strict";
import test from "node:test";
import { decodeFetch } from "../../../../runtime/log/kafka/fetch-answer.ts";
import { WireOutput } from "../../../../runtime/log/kafka/wire.ts";
import { random } from "../../../random.ts";

interface Part {
  readonly partition: number;
  readonly error?: number;
  readonly stable?: bigint;
  readonly aborted?: readonly (readonly [producer: bigint, first: bigint])[] | null;
  readonly records?: Buffer;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** An answer as a broker writes it, by the grammar of version 11. */
function answer(...topics: readonly (readonly [name: string, parts: readonly Part[]])[]): Buffer {
  const pieces = topics.flatMap(([name, parts]) => [
    new WireOutput().text(name).int32(parts.length).finish(),
    ...parts.flatMap(partBytes),
  ]);
  const head = new WireOutput().int32(7).int16(0).int32(0).int32(topics.length).finish();
  return Buffer.concat([head, ...pieces]);
}

function partBytes(part: Part): readonly Buffer[] {
  const { partition, error = 0, stable = 0n, aborted = null, records } = part;
  return [
    new WireOutput().int32(partition).int16(error).finish(),
    ...[99n, stable, 0n].map(int64),
    new WireOutput().int32(aborted?.length ?? -1).finish(),
    ...(aborted ?? []).flat().map(int64),
    new WireOutput().int32(-1).finish(),
    records === undefined
      ? new WireOutput().int32(-1).finish()
      : new WireOutput().bytes(records).finish(),
  ];
}

const full = answer(
  [
    "orders",
    [
      { partition: 3, stable: 2n ** 40n, aborted: [[5n, 17n]], records: Buffer.from("batches") },
      { partition: 1, error: 1, stable: -1n },
    ],
  ],
  ["payments", [{ partition: 0, aborted: [], records: Buffer.alloc(0) }]],
);

test("every part of an answer is read", () => {
  const { clientSideThrottleTime, errorCode, partitions } = decodeFetch(full);
  assert.deepEqual([clientSideThrottleTime, errorCode], [7, 0]);
  assert.deepEqual(
    partitions.map(({ records, ...rest }) => ({ ...rest, records: records.toString() })),
    [
      {
        ...{ topic: "orders", partition: 3, errorCode: 0, lastStableOffset: 2 ** 40 },
        ...{ aborted: [{ producerId: 5, firstOffset: 17 }], records: "batches" },
      },
      {
        ...{ topic: "orders", partition: 1, errorCode: 1, lastStableOffset: -1 },
        ...{ aborted: [], records: "" },
      },
      {
        ...{ topic: "payments", partition: 0, errorCode: 0, lastStableOffset: 0 },
        ...{ aborted: [], records: "" },
      },
    ],
  );
});

test("an answer that is cut off anywhere is refused", () => {
  for (let length = 0; length < full.length; length++) {
    assert.throws(() => decodeFetch(full.subarray(0, length)), { code: "SG6001" }, `${length}`);
  }
});

test("an answer that was changed at random is read, or refused by code", () => {
  const seed = 11;
  const { int } = random(seed);
  for (let round = 0; round < 3_000; round++) {
    const bytes = Buffer.from(full);
    for (let changes = 1 + int(3); changes > 0; changes--) bytes[int(bytes.length)] = int(256);
    try {
      assert.ok(decodeFetch(bytes).partitions.length <= bytes.length, `seed ${seed}`);
    } catch (error) {
      assert.equal((error as { code?: string }).code, "SG6001", `seed ${seed}, round ${round}`);
    }
  }
});
