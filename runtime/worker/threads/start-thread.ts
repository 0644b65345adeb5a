import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker as NodeThread } from "node:worker_threads";
import { StreamgenError } from "../../errors.ts";
import type { ThreadPlan } from "./messages.ts";

/** How this process was started: a thread is started the same way. */
export interface Program {
  /** The file that was started, generated `main`. */
  readonly main: string | undefined;
  readonly args: readonly string[];
  /** Node's own flags, those of `NODE_OPTIONS` included. */
  readonly nodeFlags: readonly string[];
}

/** The process's own program. */
export function ownProgram(): Program {
  return {
    main: process.argv[1],
    args: process.argv.slice(2),
    nodeFlags: [...process.execArgv, ...(process.env["NODE_OPTIONS"] ?? "").split(/\s+/)],
  };
}

/**
 * Starts a thread that runs the program again, which finds `plan` in the thread's data. Throws SG8106
 * where there is no file to run again.
 */
export function startThread(plan: ThreadPlan, program: Program): NodeThread {
  const main = mainOf(program);
  const options = { argv: [...program.args], name: `streamgen-${plan.index + 1}` };
  const tsx = tsxOf(program.nodeFlags, main);
  if (tsx === undefined) return new NodeThread(main, { ...options, workerData: plan });
  // Threads do not take TypeScript by the loader of the process, so they register tsx themselves.
  const steps = [
    `process.argv.splice(1, 0, ${JSON.stringify(main)});`,
    `import { register } from ${JSON.stringify(tsx)};`,
    "register();",
    `await import(${JSON.stringify(pathToFileURL(main).href)});`,
  ];
  const bootstrap = new URL(`data:text/javascript,${encodeURIComponent(steps.join("\n"))}`);
  return new NodeThread(bootstrap, { ...options, workerData: plan });
}

/** The started file: Node takes one without its ending, too. */
function mainOf({ main }: Program): string {
  try {
    if (main !== undefined) return createRequire(import.meta.url).resolve(main);
  } catch {
    // Told below, in the same words.
  }
  throw new StreamgenError(
    "SG8106",
    "threads run the program's file again, and there is none: start generated main by its file",
  );
}

/** The address of tsx' interface, where the process runs with tsx. */
function tsxOf(nodeFlags: readonly string[], main: string): string | undefined {
  const flag = nodeFlags
    .map((text) => text.replace(/^--(?:import|loader)=/, ""))
    .find((text) => /(^|[\\/])tsx([\\/]|$)/.test(text));
  if (flag === undefined) return undefined;
  const found = placesOf(flag, main)
    .map(foundFrom)
    .find((file) => file !== undefined);
  if (found === undefined) {
    throw new StreamgenError(
      "SG8106",
      `threads need tsx, by which the program was started, and it is neither beside ${main} nor in ` +
        `the working folder: name it by its file, or run compiled code`,
    );
  }
  return pathToFileURL(found.replace(/\.cjs$/, ".mjs")).href;
}

/** A path is tsx' own file, from which it finds itself; Node looks for a name from the working folder. */
function placesOf(flag: string, main: string): readonly string[] {
  if (flag.startsWith("file:")) return [fileURLToPath(flag)];
  return path.isAbsolute(flag) ? [flag] : [path.join(process.cwd(), "-"), main];
}

function foundFrom(file: string): string | undefined {
  try {
    return createRequire(file).resolve("tsx/esm/api");
  } catch {
    return undefined;
  }
}
