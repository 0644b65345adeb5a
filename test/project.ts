import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { runCommandLine } from "../compiler/cli/main.ts";
import { temporaryFolder } from "./temporary.ts";

export const repository: string = path.join(import.meta.dirname, "..");

const tsconfig = {
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    types: ["node"],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    customConditions: ["@streamgen/source"],
  },
  include: ["src", "generated"],
};

/** A project in a folder of its own, with this repository's packages, as sources, installed in it. */
export function temporaryProject(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder({
    "package.json": '{ "name": "project", "type": "module" }',
    "tsconfig.json": JSON.stringify(tsconfig),
    "streamgen.config.json": '{ "app": "project" }',
    ...files,
  });
  const installed = {
    streamgen: "",
    "@streamgen/runtime": "runtime",
    "@types/node": "node_modules/@types/node",
    typescript: "node_modules/typescript",
  };
  for (const [name, place] of Object.entries(installed)) {
    const link = path.join(root, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(repository, place), link, "junction");
  }
  return root;
}

/** The source of the fixture that shows most of the language. */
export function shopSource(): string {
  return readFileSync(path.join(repository, "fixtures/shop/in/src/shop.ts"), "utf8");
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const nodeArguments = [
  "--conditions=@streamgen/source",
  "--import",
  import.meta.resolve("tsx"),
  path.join(repository, "test/streamgen.ts"),
];
const env = { ...process.env, NO_COLOR: "1", GITHUB_ACTIONS: "", NODE_TEST_CONTEXT: "" };

/** Runs the command line to its end, as if started in this folder. */
export async function streamgen(cwd: string, ...args: readonly string[]): Promise<Finished> {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written): { write(text: string): void } => ({
    write(text) {
      written[name] += text;
    },
  });
  const around = { stdout: stream("stdout"), stderr: stream("stderr"), env: {} };
  const place = args.includes("--cwd") ? [] : ["--cwd", cwd];
  const status = await runCommandLine([...args, ...place], around);
  return { status, ...written };
}

/** Runs the command line to its end in a process of its own, in this folder. */
export function streamgenProcess(cwd: string, ...args: readonly string[]): Finished {
  const options = { cwd, env, encoding: "utf8", timeout: 60_000 } as const;
  return spawnSync(process.execPath, [...nodeArguments, ...args], options);
}

/** Starts the command line and leaves it running. */
export function startStreamgen(cwd: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...nodeArguments, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}
