import type { ManualEvent } from "../../stream/event.ts";
import type { ErrorPolicy } from "../failures/error-policy.ts";
import type { LoadedRecord } from "../sources/loaded-record.ts";
import type { AgentRunner } from "./agent-runner.ts";
import type { EventTurn } from "./event-turn.ts";
import type { Gathers } from "./gathers.ts";
import type { OpenEvents } from "./open-events.ts";

interface ManualPlace<K, V, Topic extends string, Gone> {
  readonly record: LoadedRecord<V>;
  readonly turn: EventTurn<K, V, Topic, Gone>;
  readonly gathers: Gathers;
  readonly open: OpenEvents<K, V, Topic, Gone>;
  readonly seesTombstones: boolean;
}

/** An agent that is called for each event, and acknowledges it when it likes. */
export class ManualRunner<K, V, Topic extends string, Gone> implements AgentRunner {
  readonly name: string;
  readonly onError: ErrorPolicy;
  readonly isPaused = false;
  readonly #handle: (event: ManualEvent<K, V, Topic, Gone>) => unknown;
  readonly #at: ManualPlace<K, V, Topic, Gone>;

  constructor(
    agent: { readonly name: string; readonly onError: ErrorPolicy },
    handle: (event: ManualEvent<K, V, Topic, Gone>) => unknown,
    at: ManualPlace<K, V, Topic, Gone>,
  ) {
    this.name = agent.name;
    this.onError = agent.onError;
    this.#handle = handle;
    this.#at = at;
  }

  get held(): number | undefined {
    return this.#at.open.first;
  }

  get open(): readonly number[] {
    return this.#at.open.offsets;
  }

  get isTimed(): boolean {
    return this.#at.gathers.isTimed;
  }

  run(): unknown {
    const { open, record, seesTombstones, turn } = this.#at;
    if (record.value === null && !seesTombstones) return undefined;
    const { event } = open.hand(record, turn.event());
    return open.call(() => turn.judge(this.#handle(event)));
  }

  leave(): void {
    const { open, record } = this.#at;
    if (!open.giveUpExpired()) open.giveUp(record.cursor.offset);
  }

  async end(): Promise<undefined> {
    const { gathers, open } = this.#at;
    open.end();
    gathers.end();
    return undefined;
  }
}
