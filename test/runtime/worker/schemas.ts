/** A pipeline of Avro topics, and a program that knows avsc alone to write and to read them. */
import {
  type AgentSpec,
  type GroupSpec,
  type Logger,
  type PipelineSpec,
  pipeline,
  type Source,
  type StreamgenError,
  source,
  type TopicSpec,
  type Worker,
  type WorkerOptions,
} from "@streamgen/runtime";
import { avro, stringKey } from "@streamgen/runtime/codec";
import type { SchemaRegistry } from "@streamgen/runtime/registry";
import avsc from "avsc";
import { largeOrderCodec, orderCodec } from "../../../fixtures/shop/in/generated/codecs/shop.ts";
import type { LargeOrder, Order } from "../../../fixtures/shop/in/src/shop.ts";
import { schemaText } from "../../../runtime/avro/schema.ts";
import { type ManualClock, manualClock } from "../../../runtime/clock.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import type { SourceSpec } from "../../../runtime/worker/spec.ts";

export const partitions = 2;

/** Read only. */
export const orders: TopicSpec<string, Order> = {
  ...{ name: "orders", partitions, key: stringKey, value: avro(orderCodec) },
  keyOf: (order) => order.customerId,
};
/** Written only. */
export const large: TopicSpec<string, LargeOrder> = {
  ...{ name: "large", partitions: 1, key: stringKey, value: avro(largeOrderCodec) },
  keyOf: (order) => order.id,
};

export interface PipelineOptions {
  readonly onError?: "stop" | "skip";
  /** In place of the decoder of whole orders. */
  readonly read?: SourceSpec<string, Order>["read"];
}

const enlarge = (onError: "stop" | "skip"): AgentSpec<string, Order> => ({
  ...{ kind: "each", name: "enlarge", onError },
  open: (task) => {
    const sink = task.sink(large);
    return ({ id, amount, items }: Order) => sink.send({ id, total: amount * items });
  },
});

const group = (name: string, of: Source): GroupSpec => ({
  ...{ name, sources: [of], tables: [], timers: [] },
});

const pipelineOf = (
  topics: readonly TopicSpec<unknown, unknown>[],
  groups: readonly GroupSpec[],
): PipelineSpec => ({
  config: {
    ...{ app: "schemas", delivery: "exactly-once", commitIntervalMs: 100 },
    ...{ partitions: 1, replicas: 1, topics: {} },
  },
  ...{ topics, groups, timers: [], starts: [] },
});

/** Every order becomes a large one, with its amount times its items. */
export function orderPipeline({ onError = "stop", read }: PipelineOptions = {}): PipelineSpec {
  const from = source({
    ...{ topic: orders, agents: [enlarge(onError)] },
    ...(read !== undefined && { read }),
  });
  return pipelineOf([orders, large], [group("orders", from)]);
}

const byId: TopicSpec<string, Order> = {
  ...orders,
  name: "schemas-by-id-repartition",
  repartitionOf: "orders",
  keyOf: (order) => order.id,
};

/** The same, behind a repartition topic. */
export function repartitionedPipeline(): PipelineSpec {
  const first = source({
    topic: orders,
    agents: [{ kind: "repartition", name: "by-id", onError: "stop", to: byId }],
  });
  const second = source({ topic: byId, agents: [enlarge("stop")] });
  return pipelineOf([orders, byId, large], [group("orders", first), group("by-id", second)]);
}

/** Orders of two topics in one task. */
export function twoInputPipeline(): PipelineSpec {
  const returns = { ...orders, name: "returns" };
  const both: GroupSpec = {
    name: "both",
    sources: [
      source({ topic: orders, agents: [enlarge("stop")] }),
      source({ topic: returns, agents: [enlarge("stop")] }),
    ],
    ...{ tables: [], timers: [] },
  };
  return pipelineOf([orders, returns, large], [both]);
}

/** The schema that the worker was built with, as another program has it. */
export const orderSchema: string = schemaText(orderCodec.schema);
export const orderType: avsc.Type = avsc.Type.forSchema(JSON.parse(orderSchema));
export const largeType: avsc.Type = avsc.Type.forSchema(
  JSON.parse(schemaText(largeOrderCodec.schema)),
);

/** An order as avsc has it. */
export const order = (number: number): object => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  ...{ customerId: "c", amount: number, items: 2, placedAt: 1_700_000_000_000 },
  ...{ status: "paid", tags: ["a"], coupon: null },
});

/** Another program's schema: a field more, one less, others renamed, reordered, of smaller types. */
export const otherOrderSchema: string = JSON.stringify({
  type: "record",
  name: "Order",
  namespace: "shop",
  fields: [
    { name: "channel", type: ["null", "string"], default: null },
    { name: "itemCount", type: "int" },
    { name: "amount", type: "int" },
    { name: "tags", type: { type: "array", items: "string" } },
    { name: "id", type: "string" },
    { name: "customerId", type: "string" },
    {
      name: "status",
      type: { type: "enum", name: "OrderStatus", symbols: ["shipped", "new", "paid"] },
    },
    { name: "placedAt", type: "long" },
  ],
});
export const otherOrderType: avsc.Type = avsc.Type.forSchema(JSON.parse(otherOrderSchema));

export const otherOrder = (number: number): object => ({
  ...order(number),
  ...{ channel: "web", itemCount: 2 },
});

/** A registry's frame, by hand. */
export function framed(id: number, value: Uint8Array): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 0]);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, value]);
}

/** A log with its clock, a worker, and what became of it. */
export class SchemaBench {
  readonly clock: ManualClock = manualClock(1_000_000);
  readonly log: MemoryLog = memoryLog({ clock: this.clock });
  readonly skipped: StreamgenError[] = [];
  readonly errors: StreamgenError[] = [];
  readonly lines: string[] = [];

  async create(name = "orders"): Promise<void> {
    const settings = { replicas: 1, cleanup: "delete", retentionMs: -1, config: {} } as const;
    await this.log.createTopics([{ name, partitions, ...settings }]);
  }

  worker(
    registry: SchemaRegistry,
    spec: PipelineSpec = orderPipeline(),
    options: WorkerOptions = {},
  ): Worker {
    const { clock, log } = this;
    const note = (text: string, fields: object = {}) =>
      this.lines.push(`${text} ${JSON.stringify(fields)}`);
    const logger: Logger = { debug: note, info: note, warn: note, error: note };
    const worker = pipeline(1, spec, { log, clock, registry, logger, ...options });
    worker.on("skipped", ({ error }) => this.skipped.push(error));
    worker.on("error", ({ error }) => this.errors.push(error));
    return worker;
  }

  /** Sends to a partition of "orders", or to `topic/partition`. */
  async send(place: number | string, ...values: readonly Uint8Array[]): Promise<void> {
    const [topic = "", partition] = String(
      typeof place === "number" ? `orders/${place}` : place,
    ).split("/");
    const batch = new BatchWriter();
    for (const value of values) {
      batch.begin(this.clock.now(), Buffer.from("c")).append(value);
      batch.end();
    }
    const producer = await this.log.producer({});
    await producer.send({ topic, partition: Number(partition) }, batch);
    await producer.close();
  }

  /** Turns the clock until nothing changes any more in that time. */
  async settle(byMs = 300): Promise<void> {
    for (let left = byMs; left > 0; left -= 20) await this.clock.advance(20);
  }

  /** The totals of what the worker has written, read by avsc. */
  get totals(): readonly number[] {
    if (!this.log.topics.some(({ name }) => name === "large")) return [];
    return this.log.records("large").map(({ value }) => {
      const { total } = largeType.fromBuffer(Buffer.from(value ?? []).subarray(5));
      return Number(total);
    });
  }
}
