import type { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { AgentRunner } from "../agents/agent-runner.ts";
import type { Gathers } from "../agents/gathers.ts";
import { LaneScope } from "../lanes/lane-scope.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { TopicSpec } from "../spec.ts";
import type { TaskCore } from "../tasks/task-core.ts";
import { WorkerCore } from "../worker-core.ts";
import { onAbort } from "./aborts.ts";
import { Replies } from "./replies.ts";
import { questionMarks, readReturnAddress } from "./return-address.ts";
import { type AnswerLane, SideBySide } from "./side-by-side.ts";
import type { Answer, Answerer, AnsweringAgent } from "./spec.ts";

interface RunnerParts<V> {
  readonly record: LoadedRecord<V>;
  readonly task: TaskCore;
  readonly gathers: Gathers;
}

/** Opens a function that answers questions, in one task. */
export function openAnswering<K, V>(
  agent: AnsweringAgent<K, V>,
  topic: TopicSpec<K, V>,
  { record, task, gathers }: RunnerParts<V>,
): AgentRunner {
  const replies = new Replies(task.core, agent.answers, agent.isCommitted === true);
  if (agent.atOnce === undefined) {
    return new InTurn(agent, agent.answerer(task), { record, task, replies });
  }
  const { services, formats, asked } = task.core;
  const open = (): AnswerLane<V> => {
    const core = new WorkerCore(services, task.partition, undefined, formats, asked);
    onAbort(task.core.signal, () => core.interrupt());
    const scope = new LaneScope(task, core);
    const answerer = agent.answerer(scope);
    return { scope, answerer, ready: formats.ready() };
  };
  const name = services.topics.nameOf(topic.name);
  return new SideBySide(agent, agent.atOnce, { open, record, task, gathers, replies, topic: name });
}

/** One question after the other, in the task's turn. */
class InTurn<V> implements AgentRunner {
  readonly name: string;
  readonly onError: AgentRunner["onError"];
  readonly isPaused = false;
  readonly #answerer: Answerer<V>;
  readonly #record: LoadedRecord<V>;
  readonly #task: TaskCore;
  readonly #replies: Replies;

  constructor(
    agent: Pick<AgentRunner, "name" | "onError">,
    answerer: Answerer<V>,
    at: { readonly record: LoadedRecord<V>; readonly task: TaskCore; readonly replies: Replies },
  ) {
    this.name = agent.name;
    this.onError = agent.onError;
    this.#answerer = answerer;
    this.#record = at.record;
    this.#task = at.task;
    this.#replies = at.replies;
  }

  run(): Promise<void> | undefined {
    const { cursor, value } = this.#record;
    if (value === null) return undefined;
    const { core } = this.#task;
    core.moment.marks = questionMarks;
    // Read before the function is called: the record's bytes may have moved when it is done.
    const address = readReturnAddress(cursor);
    const answered = (answer: Answer) =>
      address === undefined ? undefined : this.#replies.answer(address, answer, core);
    const answer = this.#answerer.call(value);
    return answer instanceof Promise ? answer.then(answered) : answered(answer);
  }

  gaveUp(error: StreamgenError, cursor: BatchCursor): void {
    this.#replies.refuse(cursor, error);
  }

  leftOut(error: StreamgenError, cursor: BatchCursor): void {
    this.#replies.refuse(cursor, error);
  }

  async end(): Promise<undefined> {
    return undefined;
  }
}
