import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { removeAtTheEnd } from "./leash.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A copy of a fixture's pipeline that can be run in its folder; it is gone when this process is. */
export function copyPipeline(fixture: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `streamgen-${fixture}-`));
  removeAtTheEnd(folder);
  cpSync(path.join(repository, "fixtures", fixture, "in"), folder, { recursive: true });
  const modules = path.join(folder, "node_modules");
  mkdirSync(path.join(modules, "@streamgen"), { recursive: true });
  symlinkSync(path.join(repository, "runtime"), path.join(modules, "@streamgen/runtime"));
  symlinkSync(repository, path.join(modules, "streamgen"));
  writeFileSync(path.join(folder, "package.json"), '{"type":"module"}');
  return folder;
}
