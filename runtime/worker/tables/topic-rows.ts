import type { BoundFormat } from "../../codec/format.ts";
import { Reader } from "../../codec/reader.ts";
import { UnknownWriter } from "../../codec/unknown-writer.ts";
import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { RestorableRows } from "../../state/restorable-rows.ts";
import { RowBytes } from "../../state/row-bytes.ts";
import type { TendedCodec } from "../../state/tended/tended-codec.ts";
import { named } from "../failures/named-error.ts";
import { eventTime } from "../sources/event-time.ts";
import { KeyCheck } from "../sources/key-check.ts";
import { SchemaWait } from "../sources/schema-wait.ts";
import type { TopicSpec } from "../spec.ts";
import type { WorkerCore } from "../worker-core.ts";
import type { RecordTaker } from "./sourced-table.ts";

/** Where the records are that become rows, and who hears of those that do not. */
export interface RecordPort {
  readonly core: WorkerCore;
  readonly partition: number;
  readonly onError: "stop" | "skip";
}

const noBytes = new Uint8Array(0);

/**
 * Makes rows of a topic's records without its agents, as when a table is restored. The same records are
 * left out, or stop it, as when they are read for the first time.
 */
export class TopicRows<K, V, Found> implements RecordTaker {
  readonly #topic: TopicSpec<K, V>;
  readonly #rows: RestorableRows;
  readonly #port: RecordPort;
  readonly #bytes: RowBytes<K, V, Found>;
  readonly #format: BoundFormat<V>;
  readonly #schemas: SchemaWait;
  readonly #keyCheck: KeyCheck<K, V> | undefined;
  readonly #reader = new Reader();

  constructor(
    table: TendedCodec<K, V, Found> & { readonly from: TopicSpec<K, V> },
    rows: RestorableRows,
    port: RecordPort,
  ) {
    const { core, partition } = port;
    const { clock, logger, signals, topics } = core.services;
    this.#topic = table.from;
    this.#rows = rows;
    this.#port = port;
    this.#bytes = new RowBytes(table);
    this.#format = core.formats.reading(table.from);
    const place = { topic: topics.nameOf(table.from.name), partition };
    const { signal } = core;
    this.#schemas = new SchemaWait(this.#format, { ...place, clock, logger, signals, signal });
    this.#keyCheck = table.from.checkKey === true ? new KeyCheck(table.from) : undefined;
  }

  take(cursor: BatchCursor): Promise<void> | undefined {
    try {
      this.#take(cursor);
    } catch (error) {
      const reason =
        error instanceof UnknownWriter ? this.#schemas.ask(error.id, cursor.offset) : error;
      if (reason instanceof Promise) return reason;
      this.#leaveOut(reason, cursor.offset);
    }
    return undefined;
  }

  #take(cursor: BatchCursor): void {
    const { bytes, keyEnd, keyStart, timestamp, valueEnd, valueStart } = cursor;
    const reader = this.#reader;
    if (keyStart < 0) throw noKey();
    reader.reset(bytes, keyStart, keyEnd);
    const key = this.#bytes.key(this.#topic.key.read(reader));
    if (valueStart < 0) {
      this.#rows.restore(key, noBytes, -1, 0);
      return;
    }
    reader.reset(bytes, valueStart, valueEnd);
    const value = this.#format.read(reader);
    this.#keyCheck?.check(cursor, value);
    eventTime(this.#topic, value, timestamp);
    const row = this.#bytes.value(value);
    this.#rows.restore(key, row.bytes, 0, row.position);
  }

  #leaveOut(reason: unknown, offset: number): void {
    const { core, onError, partition } = this.#port;
    const place = { topic: this.#topic.name, partition, offset };
    const error = named(reason, "SG8020", "the record cannot be read").at(place);
    if (onError === "stop") throw error;
    core.services.signals.count("skipped");
  }
}

/** A record that could be no row. */
export const noKey = (): StreamgenError =>
  new StreamgenError("SG7210", "the record has no key, so it cannot be a row of the topic's table");
