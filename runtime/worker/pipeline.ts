import { StreamgenError } from "../errors.ts";
import { checkMetadataRoom } from "./commit/offset-metadata.ts";
import type { Worker, WorkerOptions } from "./contract.ts";
import { resolveSettings } from "./settings/settings.ts";
import type { PipelineSpec } from "./spec.ts";
import { PipelineWorker } from "./worker.ts";

/** The interface between generated code and this runtime. It counts up when old output cannot run. */
const interfaceNumber = 1;

/**
 * Makes a worker of a pipeline; it does nothing until it is started. `number` is the interface that
 * the code was generated for. Throws SG8001 for another one, and SG8002 for settings that are wrong.
 */
export function pipeline(number: number, spec: PipelineSpec, options: WorkerOptions): Worker {
  if (number !== interfaceNumber) {
    throw new StreamgenError(
      "SG8001",
      `this code was generated for interface ${number} of @streamgen/runtime, which here has ` +
        `interface ${interfaceNumber}: use the same version of streamgen and @streamgen/runtime, ` +
        "and run streamgen build again",
    );
  }
  for (const group of spec.groups) checkMetadataRoom(group);
  const isEmbedded = options.log !== undefined;
  const settings = resolveSettings(spec, { env: process.env, isEmbedded, ...options });
  const isFirst = (options.thread?.index ?? 0) === 0;
  // What runs once per worker runs once per process.
  const own = isFirst ? spec : { ...spec, timers: [], starts: [] };
  return new PipelineWorker(own, options, settings);
}
