import assert from "node:assert/strict";
import test from "node:test";
import { givenSettings, parseArguments } from "../../../runtime/cli/arguments.ts";
import { exitCode } from "../../../runtime/cli/exit-code.ts";
import { commands, flagsOf } from "../../../runtime/cli/flags.ts";
import { helpText } from "../../../runtime/cli/help.ts";
import { Refusal } from "../../../runtime/cli/refusal.ts";
import { tailOptions } from "../../../runtime/cli/tail.ts";
import { workerFlags } from "../../../runtime/cli/worker-flags.ts";
import { settingFlags } from "../../../runtime/worker/settings/setting-flags.ts";
import { random } from "../../random.ts";

function understand(...args: readonly string[]): unknown {
  const invocation = parseArguments(args);
  if (invocation.command === "tail") return tailOptions(invocation, false);
  return invocation.command === "worker" ? workerFlags(invocation) : invocation;
}

function refusal(...args: readonly string[]): string {
  try {
    understand(...args);
  } catch (cause) {
    assert.ok(cause instanceof Refusal);
    assert.equal(cause.exitCode, exitCode.usage);
    return `${cause.message} -> ${cause.fix}`;
  }
  return assert.fail("it was accepted");
}

test("all flags of a worker are understood, inputs and outputs in their order", () => {
  const line =
    "--embedded --input orders=a.jsonl --input=customers=b=c.jsonl --output alerts=- --until-idle --envelope --threads 1 --show alerts";
  const expected = {
    embedded: "always",
    settings: { threads: "1" },
    inputs: [
      { topic: "orders", file: "a.jsonl" },
      { topic: "customers", file: "b=c.jsonl" },
    ],
    outputs: [{ topic: "alerts", file: "-" }],
    shown: ["alerts"],
    showsOutputs: false,
    untilIdle: true,
    hasEnvelope: true,
    printsConfig: false,
    isQuiet: false,
    isVerbose: false,
    isJson: false,
  };
  assert.deepEqual(understand(...line.split(" ")), expected);
  assert.deepEqual(understand("worker", ...line.split(" ")), expected, "the name may be said");
});

test("flags that are settings are those of the table of settings", () => {
  const worker = commands.find(({ name }) => name === "worker");
  for (const flag of settingFlags) assert.ok(worker?.flags.includes(flag), flag.name);
  const invocation = parseArguments(["send", "orders", "--bootstrap=a:1", "--envelope"]);
  assert.deepEqual(givenSettings(invocation), { bootstrap: "a:1" });
});

test("commands and what they are about", () => {
  const { command, operand, values } = parseArguments(["send", "orders", "--file", "-"]);
  assert.deepEqual([command, operand, values.get("file")], ["send", "orders", ["-"]]);
  assert.deepEqual(understand("tail", "orders", "--from=7", "--max=3", "--partition=0"), {
    from: { kind: "offset", offset: 7 },
    max: 3,
    partition: 0,
    isFollowing: false,
    isJson: false,
  });
});

test("what is not said depends on whether somebody looks on", () => {
  const options = (isTerminal: boolean, ...args: readonly string[]) =>
    tailOptions(parseArguments(["tail", "orders", ...args]), isTerminal);
  assert.deepEqual(
    [options(true), options(false)].map(({ isFollowing, from }) => [isFollowing, from.kind]),
    [
      [true, "end"],
      [false, "start"],
    ],
  );
  assert.equal(options(true, "--no-follow").from.kind, "start");
  assert.equal(options(false, "--follow", "--from=start").isFollowing, true);
  assert.deepEqual(options(false, "--from=2026-11-21T09:30:00Z").from, {
    kind: "time",
    timeMs: Date.UTC(2026, 10, 21, 9, 30),
  });
});

test("a mistake is named with what to write instead", () => {
  assert.equal(refusal("--embeded"), 'there is no flag "--embeded" -> write --embedded');
  assert.equal(refusal("tial", "orders"), 'there is no command "tial" -> write tail');
  assert.match(refusal("orders.jsonl"), /there is no command "orders.jsonl" -> use one of: worker/);
  assert.equal(refusal("--quiet", "orders.jsonl"), '"orders.jsonl" is no flag -> see --help');
  assert.equal(refusal("send"), "send needs to know the topic -> write send <topic>");
  assert.equal(refusal("send", "a", "b"), '"b" is no flag -> leave it out');
  assert.equal(
    refusal("send", "orders", "--until-idle"),
    'there is no flag "--until-idle" -> see --help',
  );
  assert.equal(
    refusal("--embedded=yes"),
    '--embedded takes no value, but is given "yes" -> write --embedded',
  );
  assert.equal(
    refusal("--input"),
    "--input needs a value -> write --input <topic=file>; see --help",
  );
  assert.equal(
    refusal("--input", "--until-idle"),
    "--input needs a value -> write --input <topic=file>; see --help",
  );
  assert.equal(
    refusal("--input", "orders.jsonl"),
    '--input is "orders.jsonl" -> write --input topic=file, such as orders=orders.jsonl',
  );
  assert.equal(
    refusal("--bootstrap", "a:1", "--bootstrap", "b:1"),
    "--bootstrap is given more than once -> give it once",
  );
  assert.match(refusal("--embedded", "--bootstrap=a:1"), /exclude each other -> leave one out/);
  assert.match(refusal("tail", "a", "--follow", "--no-follow"), /exclude each other/);
  assert.match(refusal("tail", "a", "--max=0"), /--max is "0" -> write a whole number from 1 on/);
  assert.match(refusal("tail", "a", "--partition=1.5"), /write a whole number from 0 on/);
  assert.match(refusal("tail", "a", "--from=yesterday"), /--from is "yesterday" -> write start/);
  assert.match(refusal("tail", "a", "--from=2026-13-45"), /--from is/);
});

test("two outputs into one file, and two inputs from standard input, are refused", () => {
  assert.match(refusal("--output", "a=x", "--output", "b=x"), /^two outputs go to "x"/);
  assert.match(refusal("--input", "a=-", "--input", "b=-"), /^two inputs come from standard input/);
});

test("the help names every command, and every flag of each", () => {
  const all = helpText("all");
  for (const command of commands) {
    assert.ok(all.includes(`  ${command.name}`), command.name);
    const text = helpText(command);
    for (const { name } of flagsOf(command)) assert.ok(text.includes(`--${name}`), name);
    assert.equal(parseArguments([command.name, "--help"]).help, command);
  }
  assert.equal(parseArguments(["-h"]).help, "all");
});

test("whatever is typed is understood or refused in words", () => {
  const seed = 20_261_121;
  const { int, pick } = random(seed);
  const flags = ["--embedded", "--input", "--output", "--until-idle", "--threads", "-h", "--help"];
  const names = [...commands.map(({ name }) => name), "--from", "--max", "--to", "--bootstrap"];
  const odd = [
    "",
    "-",
    "--",
    "---",
    "--=",
    "-x",
    "=",
    "a=",
    "=a",
    "--__proto__",
    "--input=a=b",
    "1",
  ];
  for (let round = 0; round < 5000; round++) {
    const args = Array.from({ length: int(6) }, () => pick([...flags, ...names, ...odd, "a=b"]));
    try {
      understand(...args);
    } catch (cause) {
      assert.ok(
        cause instanceof Refusal,
        `seed ${seed}: ${JSON.stringify(args)}: ${String(cause)}`,
      );
      assert.ok(cause.fix !== "");
    }
  }
});
