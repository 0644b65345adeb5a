import type { CommittedOffset } from "./log.ts";

/**
 * What tools do to a log while no worker of the app runs: beside `Log`, because a worker needs none of
 * it. Throws SG6011 or SG6012 where the log does not answer.
 */
export interface LogAdmin {
  /** Who is in a consumer group now; nobody, where there is no such group. */
  members(group: string): Promise<readonly ActiveMember[]>;
  /** Every offset that a group has committed, by topic and partition. */
  committed(group: string): Promise<readonly CommittedOffset[]>;
  /** Sets offsets of a group without members; a group that does not exist is made. */
  setOffsets(group: string, offsets: readonly CommittedOffset[]): Promise<void>;
  /** Deletes a group without members, and its offsets. One that does not exist is no error. */
  deleteGroup(group: string): Promise<void>;
  /** Deletes topics and all they hold. One that does not exist is no error. */
  deleteTopics(names: readonly string[]): Promise<void>;
  /** Changes settings of topics that exist; the others of each topic stay. */
  alterTopics(changes: readonly TopicAlteration[]): Promise<void>;
  close(): Promise<void>;
}

/** A member of a consumer group. */
export interface ActiveMember {
  readonly client: string;
  /** Where it connects from, as the log shows it. */
  readonly host: string;
}

/** Settings of one topic, by Kafka's names. */
export interface TopicAlteration {
  readonly topic: string;
  readonly config: Readonly<Record<string, string>>;
}
