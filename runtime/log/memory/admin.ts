import type { ActiveMember, LogAdmin, TopicAlteration } from "../admin.ts";
import { logCode, logError } from "../codes.ts";
import type { CommittedOffset, TopicSettings } from "../log.ts";
import type { Broker } from "./broker.ts";

/** A tool's view of the embedded log. */
export class MemoryAdmin implements LogAdmin {
  readonly #broker: Broker;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  async members(group: string): Promise<readonly ActiveMember[]> {
    this.#broker.expire();
    const { members } = this.#broker.group(group);
    return members.map(({ request }) => ({ client: request.client, host: "this process" }));
  }

  async committed(group: string): Promise<readonly CommittedOffset[]> {
    return this.#broker.group(group).offsets;
  }

  async setOffsets(group: string, offsets: readonly CommittedOffset[]): Promise<void> {
    this.#checkEmpty(group);
    this.#broker.group(group).commit(offsets);
  }

  async deleteGroup(group: string): Promise<void> {
    this.#checkEmpty(group);
    this.#broker.deleteGroup(group);
  }

  async deleteTopics(names: readonly string[]): Promise<void> {
    for (const name of names) this.#broker.deleteTopic(name);
    this.#broker.changed.notify();
  }

  async alterTopics(changes: readonly TopicAlteration[]): Promise<void> {
    for (const { topic, config } of changes) {
      const state = this.#broker.topic(topic);
      state.settings = altered(state.settings, config);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #checkEmpty(group: string): void {
    const { length } = this.#broker.group(group).members;
    if (length === 0) return;
    throw logError(logCode.refused, `group "${group}" has ${length} active members`);
  }
}

function altered(settings: TopicSettings, config: TopicAlteration["config"]): TopicSettings {
  const { "cleanup.policy": cleanup, "retention.ms": retention, ...others } = config;
  return {
    ...settings,
    ...(isCleanup(cleanup) && { cleanup }),
    ...(retention !== undefined && { retentionMs: Number(retention) }),
    config: { ...settings.config, ...others },
  };
}

function isCleanup(text: string | undefined): text is TopicSettings["cleanup"] {
  return text === "delete" || text === "compact" || text === "compact,delete";
}
