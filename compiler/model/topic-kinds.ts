import type { TopicModel } from "./topology.ts";

/** Whether a topic is streamgen's own: nobody declares it, and others do not use it. */
export const isInternal = ({ internal, repartitionOf }: TopicModel): boolean =>
  internal !== undefined || repartitionOf !== undefined;
