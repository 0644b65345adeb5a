/** Commands of a pipeline, as they are typed. */
import assert from "node:assert/strict";
import test from "node:test";
import { createWorker } from "../../../fixtures/commands/in/generated/worker.ts";
import { modelRegistry } from "../../../runtime/codec/index.ts";
import { memoryLog } from "../../../runtime/log/memory-log.ts";
import { Desk, type Said } from "./surroundings.ts";

/** The fixture's commands on a log. */
class Typist {
  readonly desk: Desk;

  constructor() {
    this.desk = new Desk(createWorker({ log: memoryLog(), registry: modelRegistry() }).spec);
  }

  run(...args: readonly string[]): Promise<Said> {
    return this.desk.run("command", ...args);
  }

  values(topic: string): readonly string[] {
    return this.desk.log.records(topic).map(({ value }) => String(value));
  }
}

test("a command gets its arguments typed, and ends when the log has what it sent", async () => {
  const typist = new Typist();
  const said = await typist.run("say", "--words", "good", "--words=morning", "--times", "2");
  assert.deepEqual(said, { status: 0, stdout: "", stderr: "" });
  assert.deepEqual(typist.values("lines"), ["good morning", "good morning"]);
});

test("a command without arguments takes none", async () => {
  const typist = new Typist();
  assert.deepEqual(await typist.run("greet"), { status: 0, stdout: "", stderr: "" });
  assert.deepEqual(typist.values("lines"), ["hello"]);
  assert.equal((await typist.run("greet", "--loud")).status, 2);
});

test("resources are opened, switches and lists may be left out", async () => {
  const typist = new Typist();
  const flags = ["--from", "2026-11-01", "--ids", "a", "--ids", "b", "--speed", "fast"];
  const said = await typist.run("backfill", ...flags, "--priority=7");
  assert.equal(said.status, 0, said.stderr);
  assert.match(said.stderr, /backfilled/);
  assert.equal(typist.desk.log.records("jobs").length, 2);
  const dry = await typist.run("backfill", ...flags, "--dry-run");
  assert.equal(dry.status, 0);
  assert.equal(typist.desk.log.records("jobs").length, 2);
});

test("help shows the flags with their words", async () => {
  const typist = new Typist();
  const { status, stdout } = await typist.run("backfill", "--help");
  assert.equal(status, 0);
  assert.equal(
    stdout,
    `Usage: command backfill [flags]

Sends a job for each id.

Flags:
  --from <text>        The first day. (required)
  --to <text>          The last day, today without it.
  --dry-run            Only say what there is to do.
  --ids <text>         (may be repeated)
  --priority <number>
  --speed <slow|fast>
  --budget <text>
`,
  );
});

test("what is typed wrong is refused before anything is opened", async () => {
  const typist = new Typist();
  const wrong: readonly [args: readonly string[], message: RegExp][] = [
    [["backfil"], /this pipeline has no command "backfil"; write backfill/],
    [["say", "--wrods", "x"], /command "say" has no flag "--wrods"; write --words/],
    [["say", "words"], /"words" is no flag; see: command say --help/],
    [["say", "--words"], /--words needs a value; write --words <text>/],
    [["say", "--times", "1", "--times", "2"], /--times is given more than once/],
    [["say", "--times", "many"], /times: expected an? .*, found "many"; see: command say --help/],
    [["backfill"], /command "backfill" needs --from; write --from <text>/],
    [["backfill", "--from", "yesterday"], /from: expected .*, found "yesterday"/],
    [
      ["backfill", "--from", "2026-11-01", "--speed", "warp"],
      /speed: expected one of "slow", "fast"/,
    ],
    [
      ["backfill", "--from", "2026-11-01", "--dry-run=maybe"],
      /--dry-run is "maybe"; write --dry-run or/,
    ],
  ];
  for (const [args, message] of wrong) {
    const said = await typist.run(...args);
    assert.match(said.stderr, message);
    assert.equal(said.status, 2, said.stderr);
  }
  assert.deepEqual(typist.desk.log.topics, []);
});

test("a command that throws ends with 1, and a pipeline without commands says so", async () => {
  const typist = new Typist();
  const said = await typist.run("say", "--words", "never");
  assert.equal(said.status, 1);
  assert.match(said.stderr, /error SG8523: command "say" threw: this is not said/);
  const { spec } = createWorker({ log: memoryLog(), registry: modelRegistry() });
  const { commands: _, ...without } = spec;
  const none = await new Desk(without).run("command", "say");
  assert.match(none.stderr, /this pipeline has no commands/);
});

test("the program's own flags stand before the command's name", async () => {
  const typist = new Typist();
  const said = await typist.run("--json", "say", "--words", "never");
  assert.match(said.stderr, /^\{.*"code":"SG8523"/);
});
