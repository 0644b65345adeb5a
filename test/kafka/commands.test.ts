/** The commands beside a worker, and the worker itself, on a real cluster. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type PipelineSpec, source } from "@streamgen/runtime";
import { connectKafka, removeState, stateFolder } from "../../runtime/cli/connect.ts";
import { runCommand } from "../../runtime/cli/main.ts";
import type { Surroundings } from "../../runtime/cli/surroundings.ts";
import { pipeline } from "../../runtime/worker/pipeline.ts";
import { repository } from "../project.ts";
import { Desk, linesOf, type Said } from "../runtime/cli/surroundings.ts";
import { countTable, each, group, keyOf, out, spec, words } from "../runtime/worker/small.ts";
import { temporaryFolder } from "../temporary.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();
const folder = temporaryFolder();

/** Counts words, through a repartition topic, under names that no other test has. */
function counting(): PipelineSpec {
  const app = uniqueName("app");
  const input = { ...words, name: `${app}-words`, partitions: 2, keyOf, external: true };
  const output = { ...out, name: `${app}-out`, partitions: 2 };
  const by = { ...words, name: `${app}-by-repartition`, keyOf, repartitionOf: input.name };
  const table = { ...countTable, changelog: `${app}-counts-changelog` };
  const { partitions: _, ...repartition } = by;
  const count = each("count", (task) => {
    const counts = task.table(table);
    const outputs = task.sink(output);
    return (value) => {
      outputs.send(`${keyOf(value)}:${counts.update(keyOf(value), (before) => before + 1)}`);
    };
  });
  const spread = { kind: "repartition", name: "spread", onError: "stop", to: repartition } as const;
  const base = spec(
    [
      group([], { tables: [], sources: [source({ topic: input, agents: [spread] })] }),
      group([], {
        name: "by",
        tables: [table],
        sources: [source({ topic: repartition, agents: [count] })],
      }),
    ],
    { topics: [input, output, repartition] },
  );
  return { ...base, config: { ...base.config, app, delivery: "at-least-once" } };
}

/** The same desk, on the cluster and with tables on disk. */
class KafkaDesk extends Desk {
  readonly #spec: PipelineSpec;
  readonly #flags: readonly string[];

  constructor(wanted: PipelineSpec, flags: readonly string[]) {
    super(wanted);
    this.#spec = wanted;
    this.#flags = flags;
  }

  override around(): Surroundings {
    return {
      ...super.around(),
      connect: connectKafka,
      stateFolder,
      removeState,
      workerOptions: {},
    };
  }

  override async run(...args: readonly string[]): Promise<Said> {
    this.stdout = "";
    this.stderr = "";
    const around = this.around();
    const [command = ""] = args;
    const hasTables = command.startsWith("-") || command === "reset";
    const flags = this.#flags.filter((flag) => hasTables || !flag.startsWith("--state"));
    const status = await runCommand(
      (options) => pipeline(1, this.#spec, options),
      [...args, ...flags],
      around,
    );
    return { status, stdout: this.stdout, stderr: this.stderr };
  }
}

async function openDesk(): Promise<KafkaDesk & { readonly topics: readonly string[] }> {
  const { bootstrap } = await sharedKafka();
  const wanted = counting();
  const state = path.join(folder, uniqueName("state"));
  const desk = new KafkaDesk(wanted, [`--bootstrap=${bootstrap.join(",")}`, `--state=${state}`]);
  return Object.assign(desk, { topics: wanted.topics.map(({ name }) => name) });
}

function fine({ status, stderr, stdout }: Said): string {
  assert.equal(status, 0, stderr);
  return stdout;
}

test("topics are planned and applied, lines sent, processed, shown, and all of it reset", {
  skip,
}, async () => {
  const desk = await openDesk();
  const [input = "", output = ""] = desk.topics;
  const early = await desk.run("--until-idle");
  assert.equal(early.status, 1);
  assert.match(early.stderr, /^error SG8003: topic "[\w-]+" is external and does not exist/m);
  assert.equal((await desk.run("topics", "plan")).status, 3);
  fine(await desk.run("topics", "apply", "--external", "--yes"));
  assert.equal((await desk.run("topics", "plan")).stdout, "");

  const file = path.join(folder, "lines.jsonl");
  writeFileSync(file, '"a"\n"b"\n"a"\n');
  assert.match((await desk.run("send", input, "--file", file)).stderr, /^3 records sent/);
  const shown = fine(await desk.run("--until-idle", "--show", output));
  const expected = ["a:1", "a:2", "b:1"].map((value) => `${output} "${value}"`);
  assert.deepEqual([...linesOf(shown)].sort(), expected);
  const tailed = fine(await desk.run("tail", output, "--envelope", "--from=start"));
  assert.deepEqual(
    linesOf(tailed)
      .map((line): string => JSON.parse(line).value)
      .sort(),
    ["a:1", "a:2", "b:1"],
  );

  const dry = fine(await desk.run("reset", "--dry-run"));
  assert.match(dry, /^- delete topic .*-by-repartition\n- delete topic .*-counts-changelog\n/);
  assert.match(dry, /^- delete the tables in .*state/m);
  fine(await desk.run("reset", "--yes"));
  fine(await desk.run("--until-idle"));
  const again = linesOf(fine(await desk.run("tail", output, "--no-follow")));
  assert.deepEqual([...again].sort(), ['"a:1"', '"a:1"', '"a:2"', '"a:2"', '"b:1"', '"b:1"']);
});

test("a reset is refused while a worker runs, and a signal ends that one", { skip }, async () => {
  const wanted = counting();
  const { bootstrap } = await sharedKafka();
  const state = path.join(folder, uniqueName("state"));
  const flags = [`--bootstrap=${bootstrap.join(",")}`, `--state=${state}`];
  const [desk, tool] = [new KafkaDesk(wanted, flags), new KafkaDesk(wanted, flags)];
  fine(await desk.run("topics", "apply", "--external", "--yes"));
  const running = desk.run("--verbose");
  while (!desk.stderr.includes("ready")) await new Promise((resolve) => setTimeout(resolve, 20));
  const refused = await tool.run("reset", "--yes");
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /SG8512: group "app-[\w-]+" has 1 active member; stop the workers/);
  desk.stop();
  fine(await running);
  assert.match(fine(await tool.run("reset", "--yes")), /delete topic/);
});

test("brokers that are not there are one line and an exit code", { skip }, async () => {
  const desk = new KafkaDesk(counting(), ["--bootstrap=127.0.0.1:1"]);
  for (const command of [["--until-idle"], ["topics", "plan"]]) {
    const { status, stderr } = await desk.run(...command);
    assert.equal(status, 5, stderr);
    assert.match(stderr, /^error SG6020: .*127\.0\.0\.1:1.*\n$/);
  }
});

const isBuilt = existsSync(path.join(repository, "dist/cli/main.js"));

test("the demo on Kafka prints what it prints on the embedded log", {
  skip: skip || (isBuilt ? false : "the demo runs what `npm run build` has made"),
}, async () => {
  const { bootstrap } = await sharedKafka();
  const demo = (...flags: readonly string[]): string => {
    const args = ["--conditions=@streamgen/source", "--import", import.meta.resolve("tsx")];
    const file = path.join(repository, "examples/flights/demo.ts");
    const env = { ...process.env, NODE_TEST_CONTEXT: "" };
    const options = { encoding: "utf8", timeout: 240_000, env } as const;
    const result = spawnSync(process.execPath, [...args, file, ...flags], options);
    assert.equal(result.status, 0, result.stderr);
    return result.stdout;
  };
  assert.equal(demo(`--bootstrap=${bootstrap.join(",")}`), demo());
});
