import { type EmitContext, GeneratedFile } from "./file.ts";
import { header } from "./imports.ts";
import type { OutputFile } from "./output-file.ts";
import { render } from "./render.ts";

/** `main.ts`: what `node` runs. */
export function emitMain(context: EmitContext): OutputFile {
  const file = new GeneratedFile("main.ts", context);
  const view = {
    header: header(),
    main: file.imports.value("@streamgen/runtime/cli", "main"),
    createWorker: file.generated("worker.ts", "createWorker"),
    imports: file.imports.code(),
  };
  return { path: file.path, text: render("main", view) };
}
