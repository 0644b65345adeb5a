import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** What the project's own compiler says. */
export type TypeCheck =
  | { readonly kind: "done"; readonly isFine: boolean; readonly output: string }
  /** There is none to ask. */
  | { readonly kind: "missing"; readonly reason: string };

/** Output beyond this length is not kept. */
const outputMax = 200_000;

/** Runs the project's own `tsc` in a process of its own, so that it works beside the analysis. */
export function checkTypes(root: string, hasColor: boolean): Promise<TypeCheck> {
  if (!existsSync(path.join(root, "tsconfig.json"))) return missing("there is no tsconfig.json");
  const tsc = findTsc(root);
  if (tsc === undefined) return missing("typescript is not installed");
  const args = [tsc, "--noEmit", "-p", root, "--pretty", String(hasColor)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      if (output.length < outputMax) output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ kind: "done", isFine: code === 0, output }));
  });
}

function missing(reason: string): Promise<TypeCheck> {
  return Promise.resolve({ kind: "missing", reason });
}

/** The script behind the `tsc` of the project. */
function findTsc(root: string): string | undefined {
  try {
    const file = createRequire(path.join(root, "package.json")).resolve("typescript/package.json");
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    const isPackage = typeof content === "object" && content !== null && "bin" in content;
    const bin = isPackage ? content.bin : undefined;
    const script = typeof bin === "object" && bin !== null && "tsc" in bin ? bin.tsc : undefined;
    return typeof script === "string" ? path.join(path.dirname(file), script) : undefined;
  } catch {
    return undefined;
  }
}
