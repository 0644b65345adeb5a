/** Emits a program's codecs and loads them as code. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { emitCodecs } from "../../../compiler/emit/codec/emit-codecs.ts";
import type { OutputFile } from "../../../compiler/emit/output-file.ts";
import type { Program } from "../../../compiler/model/program.ts";
import type { Codec, Reader } from "../../../runtime/codec/index.ts";

const runtime = pathToFileURL(path.join(import.meta.dirname, "../../../runtime/codec/index.ts"));

/** The codec files and schemas of a program. */
export function emitted(program: Program): readonly OutputFile[] {
  return emitCodecs({
    program,
    out: "generated",
    importPath: (from, to) => {
      const relative = path.posix.relative(path.posix.dirname(from), to);
      return relative.startsWith(".") ? relative : `./${relative}`;
    },
  });
}

export interface LoadedCodecs {
  codec(record: string): Codec<unknown>;
  /** The decoder of a topic's projection. */
  projection(name: string): (reader: Reader) => unknown;
  /** Everything that the module exports. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Writes a program's only codec file into `folder` and imports it. */
export async function load(program: Program, folder: string, name: string): Promise<LoadedCodecs> {
  const [file] = emitted(program).filter((each) => each.path.startsWith("codecs/"));
  const text = (file?.text ?? "").replaceAll('"@streamgen/runtime/codec"', `"${runtime.href}"`);
  const target = path.join(folder, `${name}.mts`);
  writeFileSync(target, text);
  const exports: Record<string, unknown> = await import(pathToFileURL(target).href);
  const find = (wanted: string): never => {
    if (exports[wanted] === undefined) throw new Error(`${wanted} is not exported`);
    // The test knows what the emitter has to have exported under this name.
    return exports[wanted] as never;
  };
  return {
    codec: (record) => find(`${record.charAt(0).toLowerCase()}${record.slice(1)}Codec`),
    projection: find,
    exports,
  };
}
