import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type Invocation, parseArguments } from "../../../compiler/cli/arguments.ts";
import { commands, flagsOf, globalFlags } from "../../../compiler/cli/flags.ts";
import { helpText } from "../../../compiler/cli/help.ts";
import { random } from "../../random.ts";

function understood(line: string): Invocation {
  const result = parseArguments(line.split(" "));
  assert.ok(!("problem" in result), JSON.stringify(result));
  return result;
}

function misunderstood(line: string): string {
  const result = parseArguments(line === "" ? [] : line.split(" "));
  assert.ok("problem" in result, JSON.stringify(result));
  return `${result.problem} -> ${result.fix}`;
}

test("a command with switches and values is understood, wherever they stand", () => {
  const invocation = understood(
    "--cwd shop run --embedded --input a=b --input c=d -c x.json --no-color",
  );
  assert.equal(invocation.command, "run");
  assert.deepEqual([...invocation.switches].sort(), ["embedded", "no-color"]);
  assert.deepEqual(Object.fromEntries(invocation.values), {
    cwd: ["shop"],
    input: ["a=b", "c=d"],
    config: ["x.json"],
  });
  assert.equal(understood("init hello").operand, "hello");
  assert.equal(understood("--version").command, undefined);
});

test("a wrong command or flag is named, with the nearest one", () => {
  assert.equal(misunderstood("biuld"), 'there is no command "biuld" -> write streamgen build');
  assert.equal(
    misunderstood("deploy"),
    'there is no command "deploy" -> use one of: build, check, init, run, dev, worker, send, tail, topics, dlq, reset, run-command',
  );
  assert.equal(
    misunderstood("build --wach"),
    'streamgen build has no flag "--wach" -> write --watch',
  );
  assert.equal(
    misunderstood("build --embedded"),
    'streamgen build has no flag "--embedded" -> see: streamgen build --help',
  );
  assert.equal(
    misunderstood("build -x"),
    'streamgen build has no flag "-x" -> see: streamgen build --help',
  );
  assert.equal(misunderstood(""), "a command is missing -> see: streamgen --help");
});

test("a value that is missing or too much is named", () => {
  assert.equal(misunderstood("build --cwd"), "--cwd needs a value -> write --cwd <folder>");
  assert.equal(misunderstood("build --cwd --check"), "--cwd needs a value -> write --cwd <folder>");
  assert.equal(
    misunderstood("build --check=yes"),
    '--check takes no value, but is given "yes" -> write --check',
  );
  assert.equal(
    misunderstood("build --cwd a --cwd b"),
    "--cwd is given more than once -> give it once",
  );
  assert.equal(
    misunderstood("build shop"),
    'streamgen build takes no argument "shop" -> see: streamgen build --help',
  );
  assert.equal(
    misunderstood("init a b"),
    'streamgen init takes no argument "b" -> see: streamgen init --help',
  );
});

test("switches that contradict each other are refused", () => {
  assert.equal(
    misunderstood("build --watch --check"),
    "--watch and --check exclude each other -> leave one out",
  );
});

test("whatever is typed is understood or refused in words", () => {
  const seed = 20_261_121;
  const { int, pick } = random(seed);
  const flags = commands.flatMap((command) => flagsOf(command)).map(({ name }) => `--${name}`);
  const odd = ["", "-", "--", "---", "--=", "-cx", "-hc", "=", "--no-", "--__proto__", "__proto__"];
  const words = [...flags, ...flags.map((flag) => `${flag}=a`), ...odd, "build", "run", "a=b", "é"];
  for (let round = 0; round < 5000; round++) {
    const args = Array.from({ length: int(6) }, () => pick(words));
    const result = parseArguments(args);
    const isWhole = "problem" in result ? result.fix !== "" : result.switches.size >= 0;
    assert.ok(isWhole, `seed ${seed}: ${JSON.stringify(args)}`);
  }
});

test("the help and the documentation name every command and flag", () => {
  const page = readFileSync(path.join(import.meta.dirname, "../../../docs/cli.md"), "utf8");
  for (const command of commands) {
    const help = helpText(command);
    assert.ok(page.includes(`streamgen ${command.name}`), command.name);
    for (const { name } of flagsOf(command)) {
      assert.ok(help.includes(`--${name}`), name);
      assert.ok(page.includes(`\`--${name}`), name);
    }
  }
  for (const { name } of globalFlags) assert.ok(helpText(undefined).includes(`--${name}`), name);
  for (const line of [undefined, ...commands].flatMap((each) => helpText(each).split("\n"))) {
    assert.ok(line.length <= 100, line);
  }
});
