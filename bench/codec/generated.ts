/** The codecs of the shapes as the compiler prints them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { emitCodecs } from "../../compiler/emit/codec/emit-codecs.ts";
import type { Codec, Reader } from "../../runtime/codec/index.ts";
import { program } from "./shapes.ts";

export interface Generated {
  readonly codec: Codec<unknown>;
  /** Decodes two of the fields. */
  readonly project: (reader: Reader) => unknown;
}

/** Emits the codecs, compiles them and loads them. */
export async function loadGenerated(): Promise<(shape: string) => Generated> {
  const folder = mkdtempSync(path.join(tmpdir(), "streamgen-bench-"));
  try {
    const [file] = emitCodecs({ program, out: "generated", importPath: () => "./none" });
    const runtime = pathToFileURL(path.resolve("runtime/codec/index.ts")).href;
    const target = path.join(folder, "codecs.mts");
    writeFileSync(target, (file?.text ?? "").replaceAll("@streamgen/runtime/codec", runtime));
    const codecs: Readonly<Record<string, unknown>> = await import(pathToFileURL(target).href);
    return (shape) => ({
      codec: found(codecs, `${shape.charAt(0).toLowerCase()}${shape.slice(1)}Codec`),
      project: found(codecs, `read${shape}For${shape}s`),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function found<T>(codecs: Readonly<Record<string, unknown>>, name: string): T {
  if (codecs[name] === undefined) throw new Error(`the generated code has no ${name}`);
  // The emitter exports it under this name; its type is lost in a module made at run time.
  return codecs[name] as T;
}
