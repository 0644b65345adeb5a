/** The right half of a foreign-key join: it knows who wants which row, and tells them what it is. */
import { writeWhole } from "../../codec/whole.ts";
import { Writer } from "../../codec/writer.ts";
import { appendPart } from "../../state/key-parts.ts";
import type { ChangeAgentSpec, TableChange } from "../changes/change-spec.ts";
import type { TaskScope } from "../scope.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import { source } from "../sources/source-driver.ts";
import type { Source } from "../spec.ts";
import type { ForeignJoinSpec } from "./foreign-join-spec.ts";
import {
  readPartition,
  readSubscription,
  writePartition,
  writeResponse,
} from "./foreign-messages.ts";
import { KeyBytes } from "./key-bytes.ts";
import { rowReader } from "./row-reader.ts";

/** What the join does with the changes of its right table. */
export function foreignRight<K, L, F, R>(
  join: ForeignJoinSpec<K, L, F, R>,
): ChangeAgentSpec<TableChange<F, R>> {
  return {
    name: join.name,
    onError: "stop",
    open(task) {
      const half = new RightHalf(join, task);
      return ({ key }) => half.changed(key);
    },
  };
}

/** The input that what the left table's tasks ask for is. */
export function foreignSubscriptions<K, L, F, R>(join: ForeignJoinSpec<K, L, F, R>): Source {
  return source({
    topic: join.subscriptions,
    isTimeless: true,
    agents: [
      {
        kind: "row",
        ...{ name: join.name, onError: "stop" },
        open(task: TaskScope) {
          const half = new RightHalf(join, task);
          return ({ cursor, value }: LoadedRecord<Uint8Array>) => {
            if (value === null) return;
            const { bytes, keyEnd, keyStart } = cursor;
            half.asked(Buffer.from(bytes.subarray(keyStart, keyEnd)), Buffer.from(value));
          };
        },
      },
    ],
  });
}

class RightHalf<K, L, F, R> {
  readonly #join: ForeignJoinSpec<K, L, F, R>;
  readonly #row: (key: F) => R | undefined;
  readonly #subscribers: ReturnType<typeof subscribersOf>;
  readonly #responses: ReturnType<typeof responsesOf>;
  readonly #keys: KeyBytes<F>;
  readonly #value = new Writer(256);

  constructor(join: ForeignJoinSpec<K, L, F, R>, task: TaskScope) {
    this.#join = join;
    this.#row = rowReader(task, join.right);
    this.#subscribers = subscribersOf(join, task);
    this.#responses = responsesOf(join, task);
    this.#keys = new KeyBytes(join.right.key);
  }

  asked(foreignKey: Buffer, message: Buffer): void {
    const { begins, leftKey, partition } = readSubscription(message);
    const key = this.#keys.read(foreignKey);
    const subscriber = Buffer.concat([this.#prefix(key), leftKey]);
    if (!begins) {
      this.#subscribers.delete(subscriber);
      return;
    }
    this.#subscribers.set(subscriber, writePartition(partition));
    const answer = writeResponse({ foreignKey, row: this.#rowBytes(key) });
    this.#responses.send(leftKey, answer, { partition });
  }

  changed(key: F): void {
    const prefix = this.#prefix(key);
    let answer: Buffer | undefined;
    for (const [subscriber, partition] of this.#subscribers.range(prefix, behind(prefix))) {
      answer ??= writeResponse({ foreignKey: this.#keys.write(key), row: this.#rowBytes(key) });
      const leftKey = subscriber.subarray(prefix.length);
      this.#responses.send(leftKey, answer, { partition: readPartition(partition) });
    }
  }

  /** What the rows of those begin with who want this one. */
  #prefix(key: F): Buffer {
    const writer = new Writer(64);
    const plain = this.#keys.writeOrdered(key);
    appendPart(writer, plain, plain.length);
    return Buffer.from(writer.written());
  }

  #rowBytes(key: F): Buffer | undefined {
    const row = this.#row(key);
    if (row === undefined) return undefined;
    this.#value.truncate(0);
    writeWhole(this.#join.right.value, this.#value, row);
    return Buffer.from(this.#value.written());
  }
}

/** The first key that does not begin with a part. A part ends with 01. */
function behind(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix);
  end[end.length - 1] = 2;
  return end;
}

const subscribersOf = <K, L, F, R>({ subscribers }: ForeignJoinSpec<K, L, F, R>, task: TaskScope) =>
  task.table(subscribers);

const responsesOf = <K, L, F, R>({ responses }: ForeignJoinSpec<K, L, F, R>, task: TaskScope) =>
  task.keyedSink(responses);
