import { readFileSync } from "node:fs";
import path from "node:path";
import { programFromJson } from "../model/json.ts";
import type { Program } from "../model/program.ts";

/** The pipeline as the output folder has it; `undefined` where there is none, or another version's. */
export function readLastProgram(folder: string): Program | undefined {
  try {
    return programFromJson(readFileSync(path.join(folder, "topology.json"), "utf8"));
  } catch {
    return undefined;
  }
}
