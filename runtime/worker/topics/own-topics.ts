/** What streamgen makes a topic for, where it does. */
export interface Origin {
  /** A repartition topic: it has as many partitions as the topic named. */
  readonly repartitionOf?: string;
  /**
   * For questions of one function, for the answers of all, for reports of live checks, or for what the sides
   * of a join tell each other.
   */
  readonly internal?: "questions" | "answers" | "reports" | "join";
  /** It has as many partitions as the topic named. */
  readonly partitionsOf?: string;
}

/** Whether a topic is streamgen's own, for one app alone. Changelogs are not among declared topics. */
export const isInternal = ({ internal, repartitionOf }: Origin): boolean =>
  internal !== undefined || repartitionOf !== undefined;
