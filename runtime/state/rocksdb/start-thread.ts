import { features } from "node:process";
import { type TransferListItem, Worker } from "node:worker_threads";
import { StreamgenError } from "../../errors.ts";

/**
 * Starts the module `name` beside the module `from` (an `import.meta.url`) in a thread of its own, in
 * each way that `from` itself may run: compiled, as TypeScript that Node strips, or by tsx.
 */
export function startThread(
  name: string,
  from: string,
  data: { readonly workerData: unknown; readonly transferList: TransferListItem[] },
): Worker {
  const isSource = from.endsWith(".ts");
  const entry = new URL(`./${name}${isSource ? ".ts" : ".js"}`, from);
  const options = { ...data, name: `streamgen-${name}` };
  if (!isSource || stripsTypes()) return new Worker(entry, options);
  // What the process was started with would load tsx a second time.
  return new Worker(throughTsx(entry), { ...options, execArgv: [] });
}

/** Newer than the types of the oldest Node that is supported. */
function stripsTypes(): boolean {
  return Boolean(Reflect.get(features, "typescript"));
}

/** `--import tsx` does not reach the first module of a thread on Node 20: a module before it asks tsx. */
function throughTsx(entry: URL): URL {
  const lines = [
    `import { register } from ${JSON.stringify(resolveTsx())};`,
    "register();",
    `await import(${JSON.stringify(entry.href)});`,
  ];
  return new URL(`data:text/javascript,${encodeURIComponent(lines.join("\n"))}`);
}

function resolveTsx(): string {
  try {
    return import.meta.resolve("tsx/esm/api");
  } catch (error) {
    const message =
      "a thread cannot be started from TypeScript sources: this Node does not read them and tsx is not " +
      "installed; compile first, or run npm install --save-dev tsx";
    throw new StreamgenError("SG7016", message, {}, error);
  }
}
