import assert from "node:assert/strict";
import test from "node:test";
import { parseWorkerArguments } from "../../../runtime/cli/arguments.ts";
import { exitCode } from "../../../runtime/cli/exit-code.ts";
import { Refusal } from "../../../runtime/cli/refusal.ts";
import { random } from "../../random.ts";

function refusal(...args: readonly string[]): string {
  try {
    parseWorkerArguments(args);
  } catch (cause) {
    assert.ok(cause instanceof Refusal);
    assert.equal(cause.exitCode, exitCode.usage);
    return `${cause.message} -> ${cause.fix}`;
  }
  return assert.fail("it was accepted");
}

test("all flags are understood, inputs and outputs in their order", () => {
  const line =
    "--embedded --input orders=a.jsonl --input=customers=b=c.jsonl --output alerts=- --until-idle --envelope --threads 1";
  assert.deepEqual(parseWorkerArguments(line.split(" ")), {
    inputs: [
      { topic: "orders", file: "a.jsonl" },
      { topic: "customers", file: "b=c.jsonl" },
    ],
    outputs: [{ topic: "alerts", file: "-" }],
    isEmbedded: true,
    untilIdle: true,
    hasEnvelope: true,
    isQuiet: false,
    isVerbose: false,
    isJson: false,
    wantsHelp: false,
  });
});

test("a mistake is named with what to write instead", () => {
  assert.equal(refusal("--embeded"), 'there is no flag "--embeded" -> write --embedded');
  assert.equal(refusal("orders.jsonl"), '"orders.jsonl" is no flag -> see --help');
  assert.equal(
    refusal("--embedded=yes"),
    '--embedded takes no value, but is given "yes" -> write --embedded',
  );
  assert.equal(refusal("--input"), "--input needs a value -> write --input <...>; see --help");
  assert.equal(
    refusal("--input", "--until-idle"),
    "--input needs a value -> write --input <...>; see --help",
  );
  assert.equal(
    refusal("--input", "orders.jsonl"),
    '--input is "orders.jsonl" -> write --input topic=file, such as orders=orders.jsonl',
  );
  assert.match(refusal("--threads", "2"), /^--threads is "2" -> use --threads 1/);
});

test("two outputs into one file, and two inputs from standard input, are refused", () => {
  assert.match(refusal("--output", "a=x", "--output", "b=x"), /^two outputs go to "x"/);
  assert.match(refusal("--input", "a=-", "--input", "b=-"), /^two inputs come from standard input/);
});

test("whatever is typed is understood or refused in words", () => {
  const seed = 20_261_121;
  const { int, pick } = random(seed);
  const flags = ["--embedded", "--input", "--output", "--until-idle", "--threads", "-h", "--help"];
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
    const args = Array.from({ length: int(6) }, () => pick([...flags, ...odd, "a=b"]));
    try {
      const { inputs, outputs } = parseWorkerArguments(args);
      assert.ok([...inputs, ...outputs].every(({ topic, file }) => topic !== "" && file !== ""));
    } catch (cause) {
      assert.ok(
        cause instanceof Refusal,
        `seed ${seed}: ${JSON.stringify(args)}: ${String(cause)}`,
      );
      assert.ok(cause.fix !== "");
    }
  }
});
