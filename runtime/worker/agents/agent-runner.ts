import type { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { Event } from "../../stream/event.ts";
import type { ErrorPolicy } from "../failures/error-policy.ts";
import { LaneRunner } from "../lanes/lane-runner.ts";
import { LaneScope } from "../lanes/lane-scope.ts";
import { onAbort } from "../rpc/aborts.ts";
import { openAnswering } from "../rpc/answer-runner.ts";
import { LoadedRecord } from "../sources/loaded-record.ts";
import type { TopicSpec } from "../spec.ts";
import { RowsRunner } from "../tables/rows-runner.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import { LateGate } from "../windows/late-gate.ts";
import { WorkerCore } from "../worker-core.ts";
import type { AgentSpec } from "./agent-spec.ts";
import { BatchRunner, type BatchValues } from "./batch-runner.ts";
import { EventTurn } from "./event-turn.ts";
import type { Gathers, KeptRecord } from "./gathers.ts";
import { ManualRunner } from "./manual-runner.ts";
import { ManualStreamRunner } from "./manual-stream-runner.ts";
import { OpenEvents } from "./open-events.ts";
import { sendingRun } from "./sending-run.ts";
import { StreamRunner } from "./stream-runner.ts";

/** One agent of a task, for whatever record its source has loaded. */
export interface AgentRunner {
  readonly name: string;
  readonly onError: ErrorPolicy;
  /** Whether a stream's run has returned: it wants no more until the next assignment. */
  readonly isPaused: boolean;
  /** Whether it is no function's, but makes records rows of the topic's table. */
  readonly isOfTable?: boolean;
  /** Gives what is to be awaited, if that is a promise. */
  run(): unknown;
  /** The first record that it has been given and has not acknowledged. */
  readonly held?: number | undefined;
  /** All such records, where later ones may be acknowledged. */
  readonly open?: readonly number[] | undefined;
  /** Whether it will go on with such records even if no other comes. */
  readonly isTimed?: boolean | undefined;
  /** Beside the loaded record, those that it has failed with, in bytes of their own. */
  readonly failedWith?: readonly BatchCursor[] | undefined;
  /** It is to get what it has failed with again, with the loaded record. */
  again?(): void;
  /** What it has failed with last is given up: it goes on behind that. */
  leave?(): void;
  /** It will not get a record again that it has failed with. */
  gaveUp?(error: StreamgenError, cursor: BatchCursor): void;
  /** It does not get the record, which cannot be read or is refused. */
  leftOut?(error: StreamgenError, cursor: BatchCursor): void;
  /** Ends a stream's run; the next record begins another. Gives what the run threw at that. */
  end(): Promise<string | undefined>;
}

const nothingToEnd = async (): Promise<undefined> => undefined;

/** Opens an agent. */
export function makeRunner<K, V, Topic extends string, Gone>(
  agent: AgentSpec<K, V, Topic, Gone>,
  topic: TopicSpec<K, V>,
  record: LoadedRecord<V>,
  task: TaskCore,
  kept: { readonly gathers: Gathers; readonly decode: (cursor: BatchCursor) => V },
): AgentRunner {
  const runner = openRunner(agent, topic, { record, task, ...kept });
  const { dropsLate: tables, lateTo } = agent;
  if (tables === undefined) return runner;
  return new LateGate(runner, { tables, ...(lateTo !== undefined && { lateTo }), record, task });
}

interface RunnerParts<V> {
  readonly record: LoadedRecord<V>;
  readonly task: TaskCore;
  readonly gathers: Gathers;
  readonly decode: (cursor: BatchCursor) => V;
}

function openRunner<K, V, Topic extends string, Gone>(
  agent: AgentSpec<K, V, Topic, Gone>,
  topic: TopicSpec<K, V>,
  { record, task, gathers, decode }: RunnerParts<V>,
): AgentRunner {
  const { name, onError } = agent;
  if ((agent.kind === "each" || agent.kind === "event") && agent.lanes !== undefined) {
    return withLanes(agent, agent.lanes, topic, { record, task, gathers, decode });
  }
  const fixed = { name, onError, isPaused: false, end: nothingToEnd };
  switch (agent.kind) {
    case "each": {
      const handle = agent.open(task);
      const run = () => (record.value === null ? undefined : handle(record.value));
      return { ...fixed, run };
    }
    case "event": {
      const turn = new EventTurn<K, V, Topic, Gone>(topic, record, task);
      const handle = agent.open(task);
      const seesTombstones = topic.cleanup?.startsWith("compact") === true;
      const run = () =>
        record.value === null && !seesTombstones ? undefined : turn.judge(handle(turn.event()));
      return { ...fixed, run };
    }
    case "stream":
      return new StreamRunner(agent.name, agent.onError, agent.open(task), {
        record,
        turn: new EventTurn<K, V, Topic, never>(topic, record, task),
        core: task.core,
        gathers,
        paused: () => announcePause(task, name),
      });
    case "manual": {
      const turn = new EventTurn<K, V, Topic, Gone>(topic, record, task);
      const open = new OpenEvents<K, V, Topic, Gone>(task, gathers, false);
      const seesTombstones = topic.cleanup?.startsWith("compact") === true;
      const at = { record, turn, gathers, open, seesTombstones };
      return new ManualRunner(agent, agent.open(task), at);
    }
    case "manual-stream": {
      const own = new LoadedRecord<V>(record.topic, record.partition);
      return new ManualStreamRunner(agent, agent.open(task), {
        ...{ record, own, core: task.core, gathers },
        turn: new EventTurn<K, V, Topic, never>(topic, own, task),
        open: new OpenEvents<K, V, Topic, never>(task, gathers, true),
        paused: () => announcePause(task, name),
      });
    }
    case "batch": {
      const current = () => record.value;
      const renew = ({ cursor }: KeptRecord) => decode(cursor);
      const place = { record, gathers, core: task.core };
      return new BatchRunner(agent, agent.open(task), { current, renew }, place);
    }
    case "events": {
      const events = eventsOf<K, V, Topic>(topic, { record, task, gathers, decode });
      const place = { record, gathers, core: task.core };
      return new BatchRunner(agent, agent.open(task), events, place);
    }
    case "row": {
      const handle = agent.open(task);
      return { ...fixed, run: () => handle(record, task.core.moment.timestamp) };
    }
    case "ask":
      return openAnswering(agent, topic, { record, task, gathers });
    case "fill":
      return new RowsRunner(agent, topic, { record, task });
    case "joined": {
      const pair = agent.openSide(task);
      return { ...fixed, run: () => pair(record) };
    }
    case "repartition":
    case "through":
    case "echo":
      return { ...fixed, run: sendingRun(agent, record, task) };
  }
}

/** What a batch of events gets of records, the first time and once more. */
function eventsOf<K, V, Topic extends string>(
  topic: TopicSpec<K, V>,
  { record, task, decode }: RunnerParts<V>,
): BatchValues<Event<K, V, Topic>> {
  const turn = new EventTurn<K, V, Topic, never>(topic, record, task);
  const own = new LoadedRecord<V>(record.topic, record.partition);
  const ownTurn = new EventTurn<K, V, Topic, never>(topic, own, task);
  return {
    current: () => (record.value === null ? null : turn.event()),
    renew({ cursor, timestamp }) {
      Object.assign(own, { cursor, timestamp, value: decode(cursor) });
      return ownTurn.event();
    },
  };
}

/** An agent that is opened once for each of its lanes. */
function withLanes<K, V, Topic extends string, Gone>(
  agent: AgentSpec<K, V, Topic, Gone> & { readonly kind: "each" | "event" },
  count: number,
  topic: TopicSpec<K, V>,
  { record, task, gathers, decode }: RunnerParts<V>,
): AgentRunner {
  const { services, formats, asked } = task.core;
  const { lanes: _, ...single } = agent;
  const lanes = Array.from({ length: count }, () => {
    const core = new WorkerCore(services, task.partition, undefined, formats, asked);
    onAbort(task.core.signal, () => core.interrupt());
    const scope = new LaneScope(task, core);
    const own = new LoadedRecord<V>(record.topic, record.partition);
    return {
      scope,
      record: own,
      runner: makeRunner(single, topic, own, scope, { gathers, decode }),
    };
  });
  const name = services.topics.nameOf(topic.name);
  return new LaneRunner(agent, lanes, { task, topic: name, record, gathers, decode });
}

function announcePause(task: TaskCore, agent: string): void {
  const { logger, signals } = task.core.services;
  const { group, partition } = task;
  signals.count("paused");
  signals.emit("paused", { group, partition, agent });
  logger.warn("a stream's run has returned: its partition is paused until the next assignment", {
    agent,
    partition,
  });
}
