import type { BoundFormat } from "../../codec/format.ts";
import { Reader } from "../../codec/reader.ts";
import { UnknownWriter } from "../../codec/unknown-writer.ts";
import { JoinBuffer } from "../../state/joins/join-buffer.ts";
import type { JoinReach } from "../../state/joins/join-reach.ts";
import type { Side } from "../../state/joins/unmatched-rows.ts";
import { SchemaWait } from "../sources/schema-wait.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import type { JoinSideSpec } from "./join-spec.ts";

/** One side of a join in one task: what is kept of it, and how that is read. */
export class JoinHalf<V> {
  readonly side: Side;
  /** The topic's declared name. */
  readonly topic: string;
  readonly reach: JoinReach;
  readonly buffer: JoinBuffer;
  readonly #format: BoundFormat<V>;
  readonly #schemas: SchemaWait;
  readonly #reader = new Reader();

  constructor(
    { topic, read }: JoinSideSpec<unknown, V>,
    task: TaskCore,
    place: { readonly side: Side; readonly table: string; readonly reach: JoinReach },
  ) {
    const { core, partition } = task;
    const { clock, logger, signals, topics } = core.services;
    this.side = place.side;
    this.topic = topic.name;
    this.reach = place.reach;
    this.buffer = new JoinBuffer(task.rowsOf(place.table), place.reach.pieces.sizeMs);
    this.#format = core.formats.reading(topic, read);
    this.#schemas = new SchemaWait(this.#format, {
      ...{ topic: topics.nameOf(topic.name), partition },
      ...{ clock, logger, signals, signal: core.signal },
    });
  }

  /** The value in these bytes. Throws `UnknownWriter` where its schema is to be asked for. */
  read(bytes: Buffer, start: number, end: number): V {
    this.#reader.reset(bytes, start, end);
    return this.#format.read(this.#reader);
  }

  /** What to wait for before a value is read again; throws what is no question of waiting. */
  wait(error: unknown, offset: number): Promise<void> {
    if (!(error instanceof UnknownWriter)) throw error;
    const asked = this.#schemas.ask(error.id, offset);
    if (asked instanceof Promise) return asked;
    throw asked;
  }
}
