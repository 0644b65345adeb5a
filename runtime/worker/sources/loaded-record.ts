import { BatchCursor } from "../../log/batch-cursor.ts";

const nothing = new BatchCursor(Buffer.alloc(0), []);

/** The record that a source's agents are at; one object for all records of a source. */
export class LoadedRecord<V> {
  /** The topic's declared name. */
  readonly topic: string;
  readonly partition: number;
  cursor: BatchCursor = nothing;
  /** The event time. */
  timestamp = 0;
  /** `null` is a tombstone. */
  value: V | null = null;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }
}
