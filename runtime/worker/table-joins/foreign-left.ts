/** The left half of a foreign-key join: it subscribes to right rows, and judges what comes back. */
import { Reader } from "../../codec/reader.ts";
import { readWhole } from "../../codec/whole.ts";
import type { ChangeAgentSpec, TableChange } from "../changes/change-spec.ts";
import type { TaskScope } from "../scope.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import { source } from "../sources/source-driver.ts";
import type { Source } from "../spec.ts";
import type { ForeignJoinSpec } from "./foreign-join-spec.ts";
import { readLink, readResponse, writeLink, writeSubscription } from "./foreign-messages.ts";
import { KeyBytes } from "./key-bytes.ts";
import { rowReader } from "./row-reader.ts";

/** What the join does with the changes of its left table. */
export function foreignLeft<K, L, F, R>(
  join: ForeignJoinSpec<K, L, F, R>,
): ChangeAgentSpec<TableChange<K, L>> {
  const { name, onError } = join;
  return {
    name,
    onError,
    open(task) {
      const half = new LeftHalf(join, task);
      return ({ key, timestamp }) => half.changed(key, timestamp);
    },
  };
}

/** The input that the answers of the right table's tasks are. */
export function foreignResponses<K, L, F, R>(join: ForeignJoinSpec<K, L, F, R>): Source {
  const { name, onError, responses } = join;
  return source({
    topic: responses,
    isTimeless: true,
    agents: [
      {
        kind: "row",
        ...{ name, onError },
        open(task: TaskScope) {
          const half = new LeftHalf(join, task);
          return ({ cursor, value }: LoadedRecord<Uint8Array>, timestamp: number) => {
            if (value === null) return undefined;
            const key = Buffer.from(cursor.bytes.subarray(cursor.keyStart, cursor.keyEnd));
            return half.answered(key, Buffer.from(value), timestamp);
          };
        },
      },
    ],
  });
}

class LeftHalf<K, L, F, R> {
  readonly #join: ForeignJoinSpec<K, L, F, R>;
  readonly #task: TaskScope;
  readonly #row: (key: K) => L | undefined;
  readonly #links: ReturnType<typeof linksOf>;
  readonly #subscriptions: ReturnType<typeof subscriptionsOf>;
  readonly #keys: KeyBytes<K>;
  readonly #foreignKeys: KeyBytes<F>;
  readonly #give: Give<K, L, R>;
  readonly #reader = new Reader();

  constructor(join: ForeignJoinSpec<K, L, F, R>, task: TaskScope) {
    this.#join = join;
    this.#task = task;
    this.#row = rowReader(task, join.left);
    this.#links = linksOf(join, task);
    this.#subscriptions = subscriptionsOf(join, task);
    this.#keys = new KeyBytes(join.left.key);
    this.#foreignKeys = new KeyBytes(join.right.key);
    this.#give = giver(join, task);
  }

  /** A left row has changed: it is subscribed to the row that it names by now. */
  changed(key: K, timestamp: number): unknown {
    const left = this.#row(key);
    const foreignKey = left === undefined ? undefined : this.#foreignKeyOf(left);
    const leftKey = this.#keys.writeOrdered(key);
    const { foreignKey: before, hasResult } = readLink(this.#links.get(leftKey));
    if (before !== undefined && foreignKey?.equals(before) !== true) {
      this.#subscribe(before, leftKey, false);
    }
    if (foreignKey !== undefined) {
      this.#subscribe(foreignKey, leftKey, true);
      this.#link(leftKey, foreignKey, hasResult);
      return undefined;
    }
    const gives = left !== undefined && this.#join.kind === "left";
    this.#link(leftKey, undefined, gives);
    if (gives || hasResult) return this.#give({ key, left, right: undefined, timestamp });
    return undefined;
  }

  /**
   * A right row, or that there is none. It counts if the left row names it still: answers of one right
   * row come in their order, so that the last of them is right whatever was named in between.
   */
  answered(leftKey: Buffer, answer: Buffer, timestamp: number): unknown {
    const { foreignKey, row } = readResponse(answer);
    const { foreignKey: wanted, hasResult } = readLink(this.#links.get(leftKey));
    if (wanted?.equals(foreignKey) !== true) return undefined;
    const key = this.#keys.readOrdered(leftKey);
    const left = this.#row(key);
    // It has changed since: its own change comes, and asks again.
    if (left === undefined || this.#foreignKeyOf(left)?.equals(foreignKey) !== true) {
      return undefined;
    }
    const right = row === undefined ? undefined : this.#readRight(row);
    const gives = right !== undefined || this.#join.kind === "left";
    if (gives !== hasResult) this.#link(leftKey, foreignKey, gives);
    if (gives || hasResult) return this.#give({ key, left, right, timestamp });
    return undefined;
  }

  #foreignKeyOf(left: L): Buffer | undefined {
    const key = this.#join.on(left);
    return key === undefined || key === null ? undefined : this.#foreignKeys.write(key);
  }

  #subscribe(foreignKey: Buffer, leftKey: Buffer, begins: boolean): void {
    const { partition } = this.#task;
    this.#subscriptions.send(foreignKey, writeSubscription({ begins, partition, leftKey }));
  }

  #link(leftKey: Buffer, foreignKey: Buffer | undefined, hasResult: boolean): void {
    if (foreignKey === undefined && !hasResult) this.#links.delete(leftKey);
    else this.#links.set(leftKey, writeLink({ foreignKey, hasResult }));
  }

  #readRight(row: Buffer): R {
    this.#reader.reset(row, 0, row.length);
    return readWhole(this.#join.right.value, this.#reader);
  }
}

const linksOf = <K, L, F, R>({ links }: ForeignJoinSpec<K, L, F, R>, task: TaskScope) =>
  task.table(links);

const subscriptionsOf = <K, L, F, R>(
  { subscriptions }: ForeignJoinSpec<K, L, F, R>,
  task: TaskScope,
) => task.keyedSink(subscriptions);

interface Rows<K, L, R> {
  readonly key: K;
  readonly left: L | undefined;
  readonly right: R | undefined;
  readonly timestamp: number;
}

/** Calls the function with a key's rows, where they are a result; else with none. */
type Give<K, L, R> = (rows: Rows<K, L, R>) => unknown;

function giver<K, L, F, R>(join: ForeignJoinSpec<K, L, F, R>, task: TaskScope): Give<K, L, R> {
  const none = { left: undefined, right: undefined };
  if (join.kind === "left") {
    const handle = join.open(task);
    return ({ left, ...rest }) =>
      handle(left === undefined ? { ...rest, ...none } : { ...rest, left });
  }
  const handle = join.open(task);
  return ({ left, right, ...at }) =>
    handle(left === undefined || right === undefined ? { ...at, ...none } : { ...at, left, right });
}
