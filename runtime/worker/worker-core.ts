import type { BoundFormat } from "../codec/format.ts";
import type { BatchWriter } from "../log/batch-writer.ts";
import type { LookupHandle } from "../state/table-handle.ts";
import type { IndexedLookup } from "../state/tended/indexed-table.ts";
import { UndoLog } from "../state/undo.ts";
import { Rests } from "./agents/rests.ts";
import { type CheckScope, checkScope } from "./checks/check-scope.ts";
import { Probes, type SignalHandle } from "./checks/probes.ts";
import { RetryWait } from "./failures/retry-wait.ts";
import { carryHeaders } from "./outputs/carried-headers.ts";
import { LateFormats } from "./outputs/late-format.ts";
import { Outbox } from "./outputs/outbox.ts";
import { RecordSender } from "./outputs/record-sender.ts";
import { KeyedSink, ValueSink } from "./outputs/sink.ts";
import { TimeLimits } from "./outputs/time-limits.ts";
import { Asked } from "./rpc/asked.ts";
import { type ClientHandle, makeClient } from "./rpc/client-handle.ts";
import type { AskSpec } from "./rpc/spec.ts";
import type {
  ContextHandle,
  KeyedSinkHandle,
  SetViewHandle,
  SinkHandle,
  ViewHandle,
  WindowedViewHandle,
  WorkerScope,
} from "./scope.ts";
import { withFields } from "./services/json-logger.ts";
import type { Services } from "./services/services.ts";
import type { SetTableSpec, TableSpec, TopicSpec, WindowedTableSpec } from "./spec.ts";
import type { IndexedTableSpec } from "./tables/indexed-table.ts";
import { Moment } from "./tasks/moment.ts";

/** What a scope is made of; the worker's own scope and every task's share this half. */
export class WorkerCore implements WorkerScope {
  readonly services: Services;
  readonly moment: Moment = new Moment();
  readonly undo: UndoLog = new UndoLog();
  readonly outbox: Outbox;
  readonly formats: LateFormats;
  readonly rests: Rests;
  /** Where what has failed waits before it is tried again. */
  readonly retryWait: RetryWait;
  readonly asked: Asked;
  /** Of a live check only. */
  #probes: Probes | undefined;
  readonly #abort = new AbortController();
  /** Called after each record that is sent. */
  readonly #sent: () => void;

  /** With `formats` and `asked`, those are shared with another scope. */
  constructor(
    services: Services,
    stickyStart: number,
    sent: () => void = () => undefined,
    formats: LateFormats = new LateFormats(services.registry, services.topics.nameOf),
    asked: Asked = new Asked(),
  ) {
    this.asked = asked;
    this.services = services;
    this.outbox = new Outbox(this.undo, stickyStart);
    this.formats = formats;
    this.rests = new Rests(services.clock);
    this.retryWait = new RetryWait(services.clock);
    this.#sent = sent;
  }

  /** Aborted when the scope is over. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Asks what is under way to end. */
  interrupt(): void {
    this.#abort.abort();
    this.retryWait.close();
    this.rests.cut();
  }

  /**
   * Waits until a record is handled again. What others have done for it is set aside meanwhile, so that
   * its task is settled. Rejects where the scope goes back or ends first.
   */
  async pause(ms: number): Promise<void> {
    const redo = this.undo.setAside();
    this.moment.suspend();
    await this.retryWait.pass(ms);
    this.moment.resume();
    redo();
  }

  /**
   * Waits in the middle of a record; nothing can be written until then. Gives false where the scope
   * goes back or ends first.
   */
  async rest(ms: number): Promise<boolean> {
    this.moment.isOpen = false;
    const isWhole = !this.signal.aborted && (await this.rests.rest(ms));
    if (isWhole) this.moment.isOpen = true;
    return isWhole;
  }

  /** Nothing can be written from here on. */
  end(): void {
    this.moment.close();
    this.interrupt();
  }

  sink<K, V>(topic: TopicSpec<K, V>): SinkHandle<K, V> {
    return new ValueSink(this.sender(topic));
  }

  keyedSink<K, V>(topic: TopicSpec<K, V>): KeyedSinkHandle<K, V> {
    return new KeyedSink(this.sender(topic));
  }

  sender<K, V>(topic: TopicSpec<K, V>): RecordSender<K, V> {
    return this.#sender(topic, this.formats.writing(topic));
  }

  /** Sends bytes as they are: nothing is encoded, and no schema registered. */
  forwarder<K, V>(topic: TopicSpec<K, V>): RecordSender<K, V> {
    return this.#sender(topic, this.formats.reading(topic));
  }

  #sender<K, V>(topic: TopicSpec<K, V>, format: BoundFormat<V>): RecordSender<K, V> {
    const { clock, topics } = this.services;
    const recordMaxBytes = topics.recordMaxBytesOf(topic.name);
    const partitions = topics.partitionsOf(topic.name);
    return new RecordSender(topic, format, {
      moment: this.moment,
      out: this.outbox.topic(topics.nameOf(topic.name), { partitions, recordMaxBytes }),
      recordMaxBytes,
      times: new TimeLimits(topic.name, topics.recordTimesOf(topic.name), clock.now),
      sent: this.#sent,
    });
  }

  view<K, V, Found>(table: TableSpec<K, V, Found>): ViewHandle<K, V, Found> {
    const { globals, views } = this.services;
    return globals.view(table) ?? views.handle(table);
  }

  globalLookup<K, V, Found>(table: TableSpec<K, V, Found>): LookupHandle<K, V, Found> {
    return this.services.globals.lookup(table);
  }

  globalIndexedLookup<K, V, Found>(
    table: IndexedTableSpec<K, V, Found>,
  ): IndexedLookup<K, V, Found> {
    return this.services.globals.indexedLookup(table);
  }

  setView<K, E>(table: SetTableSpec<K, E>): SetViewHandle<K, E> {
    return this.services.views.setHandle(table);
  }

  windowedView<K, V, Found>(
    table: WindowedTableSpec<K, V, Found>,
  ): WindowedViewHandle<K, V, Found> {
    return this.services.views.windowed(table, this.services.clock);
  }

  client<K, Q, A>(ask: AskSpec<K, Q, A>): ClientHandle<Q, A> {
    const { moment, formats } = this;
    const { asking, clock } = this.services;
    const sink = this.sender(ask.questions);
    const port = {
      asking,
      questions: formats.writing(ask.questions),
      answers: formats.answersOf(ask),
      asked: this.asked,
      carry: (batch: BatchWriter, isLeftOut: (name: string) => boolean) =>
        carryHeaders(batch, moment, isLeftOut),
      signal: this.signal,
      now: () => (moment.isOpen ? moment.timestamp : clock.now()),
    };
    return makeClient(ask, port, (question) => sink.send(question));
  }

  awaited<K, V>(topic: TopicSpec<K, V>): SignalHandle<V> {
    return this.#probing.signal(topic, this.formats.reading(topic));
  }

  checking(): CheckScope {
    return checkScope(this, this.#probing);
  }

  get #probing(): Probes {
    this.#probes ??= new Probes(this.services);
    return this.#probes;
  }

  context(agent: string): ContextHandle {
    const { moment, services } = this;
    return {
      log: withFields(services.logger, { agent }),
      metrics: services.signals,
      signal: this.signal,
      get idempotencyKey() {
        return moment.idempotencyKey;
      },
      now: () => services.clock.now(),
    };
  }

  resource<T>(open: (context: ContextHandle) => T): Awaited<T> {
    return this.services.resources.get(open);
  }
}
