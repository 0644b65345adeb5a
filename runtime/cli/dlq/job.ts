import type { Settings } from "../../worker/settings/settings.ts";
import type { PipelineSpec } from "../../worker/spec.ts";
import type { FoundTopic } from "../find-topic.ts";
import type { Cluster, Surroundings } from "../surroundings.ts";
import type { Letter } from "./letters.ts";

/** What `dlq` is to do, and with what. */
export interface DlqJob {
  readonly spec: PipelineSpec;
  readonly settings: Settings;
  readonly cluster: Cluster;
  readonly topic: FoundTopic;
  readonly around: Surroundings;
  readonly isWanted: (letter: Letter) => boolean;
  readonly max: number;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
}
