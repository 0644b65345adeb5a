import assert from "node:assert/strict";
import test from "node:test";
import { parseArguments } from "../../../compiler/cli/arguments.ts";
import { commands } from "../../../compiler/cli/flags.ts";
import { commands as workerCommands } from "../../../runtime/cli/flags.ts";

test("commands of the worker's program have the same flags here and there", () => {
  for (const { name, operand, flags } of workerCommands) {
    const here = commands.find((command) => command.name === name);
    assert.deepEqual(here?.flags, flags, name);
    assert.equal(here?.operand, operand, name);
  }
  const worker = commands.find(({ name }) => name === "worker");
  assert.deepEqual(commands.find(({ name }) => name === "run")?.flags, worker?.flags);
});

test("what a command is about may not be left out", () => {
  assert.deepEqual(parseArguments(["tail"]), {
    problem: "streamgen tail needs to know the topic",
    fix: "write streamgen tail <topic>",
  });
  const help = parseArguments(["tail", "--help"]);
  assert.ok(!("problem" in help));
});
