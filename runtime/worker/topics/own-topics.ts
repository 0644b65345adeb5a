/** What streamgen makes a topic for, where it does. */
export interface Origin {
  /** A repartition topic: it has as many partitions as the topic named. */
  readonly repartitionOf?: string;
  /** For questions of one function, for the answers of all, or for reports of live checks. */
  readonly internal?: "questions" | "answers" | "reports";
  /** It has as many partitions as the topic named. */
  readonly partitionsOf?: string;
}

/** Whether a topic is streamgen's own, for one app alone. Changelogs are not among declared topics. */
export const isInternal = ({ internal, repartitionOf }: Origin): boolean =>
  internal !== undefined || repartitionOf !== undefined;
