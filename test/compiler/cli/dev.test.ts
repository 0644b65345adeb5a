/** `streamgen dev` and the commands that are the worker's, as processes. */
import assert from "node:assert/strict";
import { type ChildProcess, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { startStreamgen, streamgen, streamgenProcess, temporaryProject } from "../../project.ts";

const source = `import type { Each, To, Topic } from "streamgen";

export interface Word {
  text: string;
}

export type Words = Topic<"words", { value: Word; keyBy: "text"; external: true }>;
export type Loud = Topic<"loud", { value: Word; keyBy: "text" }>;

export function shout(word: Each<Words>): To<Loud> {
  return { text: word.text.toUpperCase() };
}
`;

function project(): string {
  return temporaryProject({
    "src/words.ts": source,
    "words.jsonl": '{"text":"a"}\n',
    "streamgen.config.json": '{ "app": "words" }',
  });
}

function edit(root: string, change: (text: string) => string): void {
  const place = path.join(root, "src/words.ts");
  writeFileSync(place, change(readFileSync(place, "utf8")));
}

/** What a process has said since it was last asked. */
class Listener {
  readonly child: ChildProcess;
  #text = "";
  #arrived = (): void => undefined;
  readonly closed: Promise<number | null>;

  constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#text += chunk.toString();
        this.#arrived();
      });
    }
    this.closed = new Promise((resolve) => child.on("close", resolve));
  }

  async says(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#text)) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    const text = this.#text;
    this.#text = "";
    return text;
  }
}

/** The processes that run a project's worker. */
function workers(root: string): readonly number[] {
  const main = path.join(root, "generated/main.ts");
  const options = { encoding: "utf8" } as const;
  const { stdout } = spawnSync("ps", ["-eo", "pid,args"], options);
  return stdout
    .split("\n")
    .filter((line) => line.includes(main))
    .map((line) => Number.parseInt(line, 10));
}

test("a worker is started again at each change, outputs come as they are, and nothing is left", {
  timeout: 120_000,
}, async () => {
  const root = project();
  const dev = new Listener(startStreamgen(root, "dev", "--input=words=words.jsonl"));
  await dev.says(/loud \{"text":"A"\}/);
  const [first, ...others] = workers(root);
  assert.deepEqual(others, []);
  edit(root, (text) => text.replace("word.text.toUpperCase()", "`${word.text}!`"));
  await dev.says(/loud \{"text":"a!"\}/);
  const [second, ...more] = workers(root);
  assert.deepEqual(more, []);
  assert.notEqual(second, first);
  edit(root, (text) => text.replace("text: string", "text: any"));
  await dev.says(/error SG\d{4}[\s\S]*1 error; the last output stays/);
  assert.deepEqual(workers(root), [second], "the last worker goes on");
  edit(root, (text) => text.replace("text: any", "text: string"));
  await dev.says(/loud \{"text":"a!"\}/);
  dev.child.kill("SIGINT");
  assert.equal(await dev.closed, 0);
  assert.deepEqual(workers(root), []);
});

test("a worker that fails is told of, and the next change starts another", {
  timeout: 120_000,
}, async () => {
  const root = project();
  edit(root, (text) =>
    text.replace("return {", 'if (word.text === "a") throw new Error("no a");\n  return {'),
  );
  const dev = new Listener(startStreamgen(root, "dev", "--input=words=words.jsonl"));
  await dev.says(/error SG8020: .*no a[\s\S]*ended with exit code 1; waiting for a change/);
  edit(root, (text) => text.replace(/if .*\n/, ""));
  await dev.says(/loud \{"text":"A"\}/);
  dev.child.kill("SIGTERM");
  assert.equal(await dev.closed, 0);
});

test("a worker does not outlive the process that watches it, however that ends", {
  timeout: 120_000,
}, async () => {
  const root = project();
  const dev = new Listener(startStreamgen(root, "dev", "--input=words=words.jsonl"));
  await dev.says(/loud \{"text":"A"\}/);
  assert.equal(workers(root).length, 1);
  dev.child.kill("SIGKILL");
  while (workers(root).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
});

test("a worker is run as it was built, and not before it was", async () => {
  const root = project();
  const early = await streamgen(root, "worker", "--embedded");
  assert.equal(early.status, 2);
  assert.equal(
    early.stderr,
    'error: there is no worker in "generated"\n  fix   run: streamgen build\n',
  );
  await streamgen(root, "build");
  edit(root, (text) => text.replace('Topic<"loud"', 'Topic<"other"'));
  const flags = ["--embedded", "--until-idle", "--input=words=words.jsonl", "--output=loud=-"];
  const run = streamgenProcess(root, "worker", ...flags);
  assert.deepEqual([run.status, run.stdout], [0, '{"text":"A"}\n'], run.stderr);
});

test("the other commands build first, and keep standard output to themselves", async () => {
  const root = project();
  const plan = streamgenProcess(root, "topics", "plan", "--json");
  assert.equal(plan.status, 2);
  assert.equal(plan.stdout, "");
  assert.match(plan.stderr, /"type":"result"[\s\S]*nobody says where the Kafka cluster is.*SG8005/);
  const unreachable = streamgenProcess(root, "tail", "words", "--bootstrap=127.0.0.1:1", "--quiet");
  assert.equal(unreachable.status, 5, unreachable.stderr);
  assert.match(
    unreachable.stderr,
    /^error SG6020: no Kafka broker answers at 127\.0\.0\.1:1: .+\n$/,
  );
  const help = streamgenProcess(root, "reset", "--help");
  assert.match(help.stdout, /--dry-run +only say what there is to do/);
});
