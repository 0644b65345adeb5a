import type { Configuration } from "../config/configuration.ts";
import { emitAsks } from "./asks.ts";
import { emitClient } from "./client.ts";
import { emitCodecs } from "./codec/emit-codecs.ts";
import { emitValues } from "./codec/emit-values.ts";
import { emitConfig } from "./config.ts";
import type { EmitContext } from "./file.ts";
import { emitMain } from "./main.ts";
import type { OutputFile } from "./output-file.ts";
import { emitTables } from "./tables.ts";
import { emitTopics } from "./topics.ts";
import { emitModel, emitTopology } from "./topology.ts";
import { emitWorker } from "./worker.ts";

/** Every file of a pipeline, sorted by path. The same program gives the same bytes everywhere. */
export function emit(context: EmitContext, configuration: Configuration): readonly OutputFile[] {
  const { program } = context;
  const files = [
    ...emitCodecs(context),
    ...emitValues(context),
    emitTopics(context),
    ...emitAsks(context),
    ...(program.tables.length > 0 ? [emitTables(context)] : []),
    emitConfig(context, configuration),
    emitWorker(context),
    emitMain(context),
    emitClient(context),
    emitModel(program),
    emitTopology(program),
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
