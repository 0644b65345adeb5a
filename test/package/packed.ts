import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";

const repository = path.join(import.meta.dirname, "../..");

export interface Tarballs {
  readonly streamgen: string;
  readonly runtime: string;
}

/** Packs both packages into a folder. They have to be built. */
export function packBoth(folder: string): Tarballs {
  const pack = (from: string): string => {
    const args = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
    const { stdout } = succeed("npm", args, path.join(repository, from));
    return path.join(folder, stdout.trim().split("\n").at(-1) ?? "");
  };
  return { streamgen: pack("."), runtime: pack("runtime") };
}

/** Makes package.json ask for the tarballs, as if these versions were published. */
export function useTarballs(project: string, { streamgen, runtime }: Tarballs): void {
  const file = path.join(project, "package.json");
  const text = readFileSync(file, "utf8")
    .replace(/"streamgen": "[\d.]+"/, `"streamgen": "file:${streamgen}"`)
    .replace(/"@streamgen\/runtime": "[\d.]+"/, `"@streamgen/runtime": "file:${runtime}"`);
  writeFileSync(file, text);
}

export function install(project: string, ...flags: readonly string[]): void {
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  succeed("npm", ["install", ...quiet, ...flags], project);
}

/** Runs a program to its end and expects that it succeeds. */
export function succeed(
  program: string,
  args: readonly string[],
  cwd: string,
): SpawnSyncReturns<string> {
  const result = spawnSync(program, args, { cwd, encoding: "utf8", env: cleanEnvironment() });
  assert.equal(result.status, 0, `${program} ${args.join(" ")}: ${result.stderr}${result.stdout}`);
  return result;
}

/** The same while this process goes on, for programs that ask it something. Gives standard output. */
export async function finish(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<string> {
  const child = spawn(program, args, { cwd, env: cleanEnvironment(), timeout: 120_000 });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  assert.equal(status, 0, `${program} ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

/** Starts a program, waits until its standard output matches, then ends it by Ctrl-C. */
export async function runUntil(
  pattern: RegExp,
  { program, args, cwd }: { program: string; args: readonly string[]; cwd: string },
): Promise<{ readonly text: string; readonly code: number | null }> {
  const child = spawn(program, args, {
    cwd,
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that all of its processes get the signal, as from a terminal.
    detached: true,
  });
  const interrupt = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  };
  let said = "";
  let errors = "";
  let isDone = false;
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (!isDone && pattern.test(said)) {
      isDone = true;
      interrupt();
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  assert.match(said, pattern, errors);
  return { text: said, code };
}

/** Without what this process was started with, so that a project is alone with its packages. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  return { ...env, NO_COLOR: "1" };
}
