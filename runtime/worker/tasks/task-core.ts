import { StreamgenError } from "../../errors.ts";
import type { PartitionTable } from "../../state/partition-table.ts";
import {
  makeSet,
  makeSetLookup,
  type SetHandle,
  type SetLookupHandle,
} from "../../state/set-handle.ts";
import {
  type LookupHandle,
  makeLookup,
  makeTable,
  type TableHandle,
} from "../../state/table-handle.ts";
import {
  type Guard,
  type IndexedLookup,
  type IndexedTable,
  makeIndexedLookup,
  makeIndexedTable,
} from "../../state/tended/indexed-table.ts";
import { openWindows } from "../../state/windows/open-windows.ts";
import {
  type KeyGuard,
  makeWindowedLookup,
  makeWindowedTable,
  type WindowedLookupHandle,
  type WindowedTableHandle,
} from "../../state/windows/window-handle.ts";
import type { Interludes } from "../agents/interludes.ts";
import type { ChannelSpec } from "../channels/channel-spec.ts";
import { type ChannelHandle, Channels } from "../channels/channels.ts";
import type { CheckScope } from "../checks/check-scope.ts";
import type { SignalHandle } from "../checks/probes.ts";
import { InFlight } from "../lanes/in-flight.ts";
import type { ClientHandle } from "../rpc/client-handle.ts";
import { OpenQuestions } from "../rpc/open-questions.ts";
import type { AskSpec } from "../rpc/spec.ts";
import type {
  ContextHandle,
  KeyedSinkHandle,
  SetViewHandle,
  SinkHandle,
  TaskScope,
  ViewHandle,
  WindowedViewHandle,
} from "../scope.ts";
import type {
  SetTableSpec,
  TableDeclaration,
  TableSpec,
  TopicSpec,
  WindowedTableSpec,
} from "../spec.ts";
import { CheckedIndexedTable } from "../tables/checked-indexed-table.ts";
import { CheckedIndexedLookup, CheckedLookup } from "../tables/checked-lookup.ts";
import { CheckedSet } from "../tables/checked-set.ts";
import { CheckedTable } from "../tables/checked-table.ts";
import type { IndexedTableSpec } from "../tables/indexed-table.ts";
import { KeyOwner, type RowsPlace } from "../tables/key-owner.ts";
import type { StreamTime } from "../windows/stream-time.ts";
import { TaskTimes } from "../windows/window-times.ts";
import type { WorkerCore } from "../worker-core.ts";
import { OpenCount } from "./open-count.ts";

/** What a task's functions share beside the worker's own. */
interface TaskState {
  readonly rows: ReadonlyMap<string, PartitionTable>;
  readonly time: StreamTime;
  readonly interludes: Interludes;
}

/** The scope of one task: what its agents are given. Tables and sinks share one undo log. */
export class TaskCore implements TaskScope {
  readonly group: string;
  readonly partition: number;
  readonly core: WorkerCore;
  readonly interludes: Interludes;
  readonly time: StreamTime;
  readonly inFlight: InFlight = new InFlight();
  readonly questions: OpenQuestions = new OpenQuestions();
  readonly openEvents: OpenCount;
  readonly channels: Channels;
  readonly tables: ReadonlyMap<string, PartitionTable>;

  constructor(
    name: { readonly group: string; readonly partition: number },
    core: WorkerCore,
    { interludes, rows, time }: TaskState,
  ) {
    this.group = name.group;
    this.partition = name.partition;
    this.core = core;
    this.interludes = interludes;
    this.channels = new Channels(core.undo, core.moment);
    this.openEvents = new OpenCount(() => interludes.stir());
    this.time = time;
    this.tables = rows;
  }

  /** Whether so much is being handled beside the records' turns that no further one is taken. */
  get isCrowded(): boolean {
    return this.inFlight.isFull || this.openEvents.isFull || this.questions.isFull;
  }

  table<K, V, Found>(table: TableSpec<K, V, Found>): TableHandle<K, V, Found> {
    const { moment } = this.core;
    return makeTable(this.rowsOf(table.name), table, () => moment.check(table.name));
  }

  checkedTable<K, V, Found>(table: TableSpec<K, V, Found>): TableHandle<K, V, Found> {
    return new CheckedTable(this.table(table), table, this.#placeOf(table));
  }

  lookup<K, V, Found>(table: TableSpec<K, V, Found>): LookupHandle<K, V, Found> {
    return makeLookup(this.rowsOf(table.name), table);
  }

  indexed<K, V, Found>(table: IndexedTableSpec<K, V, Found>): IndexedTable<K, V, Found> {
    const { moment } = this.core;
    const check = () => moment.check(table.name);
    const guard: Guard = {
      check,
      get isOpen() {
        return moment.isOpen;
      },
    };
    return makeIndexedTable(this.rowsOf(table.name), table, guard);
  }

  checkedIndexed<K, V, Found>(table: IndexedTableSpec<K, V, Found>): IndexedTable<K, V, Found> {
    return new CheckedIndexedTable(this.indexed(table), table, this.#placeOf(table));
  }

  indexedLookup<K, V, Found>(table: IndexedTableSpec<K, V, Found>): IndexedLookup<K, V, Found> {
    return makeIndexedLookup(this.rowsOf(table.name), table);
  }

  checkedLookup<K, V, Found>(table: TableSpec<K, V, Found>): LookupHandle<K, V, Found> {
    return new CheckedLookup(this.lookup(table), table, this.#placeOf(table));
  }

  checkedIndexedLookup<K, V, Found>(
    table: IndexedTableSpec<K, V, Found>,
  ): IndexedLookup<K, V, Found> {
    return new CheckedIndexedLookup(this.indexedLookup(table), table, this.#placeOf(table));
  }

  set<K, E>(table: SetTableSpec<K, E>): SetHandle<K, E> {
    const { moment } = this.core;
    return makeSet(this.rowsOf(table.name), table, () => moment.check(table.name));
  }

  checkedSet<K, E>(table: SetTableSpec<K, E>): SetHandle<K, E> {
    return new CheckedSet(this.set(table), table, this.#placeOf(table));
  }

  setLookup<K, E>(table: SetTableSpec<K, E>): SetLookupHandle<K, E> {
    return makeSetLookup(this.rowsOf(table.name), table);
  }

  windowed<K, V, Found>(table: WindowedTableSpec<K, V, Found>): WindowedTableHandle<K, V, Found> {
    const { moment } = this.core;
    return this.#windowed(table, {
      reading: () => undefined,
      writing: () => moment.check(table.name),
    });
  }

  checkedWindowed<K, V, Found>(
    table: WindowedTableSpec<K, V, Found>,
  ): WindowedTableHandle<K, V, Found> {
    const { moment } = this.core;
    const owner = new KeyOwner(table, this.#placeOf(table));
    return this.#windowed(table, {
      reading: (key) => owner.check(key),
      writing(key) {
        owner.check(key);
        moment.check(table.name);
      },
    });
  }

  windowedLookup<K, V, Found>(
    table: WindowedTableSpec<K, V, Found>,
  ): WindowedLookupHandle<K, V, Found> {
    const times = this.#times();
    return makeWindowedLookup<K, V, Found>(
      openWindows(this.rowsOf(table.name), table, times),
      times,
    );
  }

  sink<K, V>(topic: TopicSpec<K, V>): SinkHandle<K, V> {
    return this.core.sink(topic);
  }

  keyedSink<K, V>(topic: TopicSpec<K, V>): KeyedSinkHandle<K, V> {
    return this.core.keyedSink(topic);
  }

  channel<V>(channel: ChannelSpec<V>): ChannelHandle<V> {
    return this.channels.handle(channel);
  }

  view<K, V, Found>(table: TableSpec<K, V, Found>): ViewHandle<K, V, Found> {
    return this.core.view(table);
  }

  setView<K, E>(table: SetTableSpec<K, E>): SetViewHandle<K, E> {
    return this.core.setView(table);
  }

  client<K, Q, A>(ask: AskSpec<K, Q, A>): ClientHandle<Q, A> {
    return this.core.client(ask);
  }

  awaited<K, V>(topic: TopicSpec<K, V>): SignalHandle<V> {
    return this.core.awaited(topic);
  }

  checking(): CheckScope {
    return this.core.checking();
  }

  context(agent: string): ContextHandle {
    return this.core.context(agent);
  }

  resource<T>(open: (context: ContextHandle) => T): Awaited<T> {
    return this.core.resource(open);
  }

  globalLookup<K, V, Found>(table: TableSpec<K, V, Found>): LookupHandle<K, V, Found> {
    return this.core.globalLookup(table);
  }

  globalIndexedLookup<K, V, Found>(
    table: IndexedTableSpec<K, V, Found>,
  ): IndexedLookup<K, V, Found> {
    return this.core.globalIndexedLookup(table);
  }

  windowedView<K, V, Found>(
    table: WindowedTableSpec<K, V, Found>,
  ): WindowedViewHandle<K, V, Found> {
    return this.core.windowedView(table);
  }

  #windowed<K, V, Found>(
    table: WindowedTableSpec<K, V, Found>,
    guard: KeyGuard<K>,
  ): WindowedTableHandle<K, V, Found> {
    const times = this.#times();
    const rows = openWindows(this.rowsOf(table.name), table, times);
    return makeWindowedTable(rows, times, guard);
  }

  #times(): TaskTimes {
    return new TaskTimes(this.time, this.core.moment, this.core.services.clock);
  }

  /** Throws SG8018 for a table that is not in the group. */
  rowsOf(name: string): PartitionTable {
    const rows = this.tables.get(name);
    if (rows !== undefined) return rows;
    throw new StreamgenError("SG8018", `table "${name}" is not in group "${this.group}"`, {
      table: name,
    });
  }

  #placeOf({ changelog }: TableDeclaration): RowsPlace {
    const { moment, services } = this.core;
    const partitions = services.topics.partitionsOf(changelog);
    return { partition: this.partition, partitions, moment };
  }
}
