import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { exitCode } from "../../../runtime/cli/exit-code.ts";
import { checkWritable, openOutput } from "../../../runtime/cli/output-file.ts";
import { Refusal } from "../../../runtime/cli/refusal.ts";
import { temporaryFolder } from "../../temporary.ts";

test("a file appears whole, under its name, and nothing else is left", () => {
  const folder = temporaryFolder({ "out.jsonl": "old\n" });
  const file = path.join(folder, "out.jsonl");
  const output = openOutput(checkWritable(file));
  for (let line = 0; line < 20_000; line++) output.line(`{"line":${line}}`);
  output.finish();
  assert.equal(readFileSync(file, "utf8"), "old\n");
  output.appear();
  assert.equal(readFileSync(file, "utf8").split("\n").length, 20_001);
  assert.deepEqual(readdirSync(folder), ["out.jsonl"]);
});

test("an abandoned output leaves everything as it was", () => {
  const folder = temporaryFolder({ "out.jsonl": "old\n" });
  const output = openOutput(checkWritable(path.join(folder, "out.jsonl")));
  output.line("new");
  output.abandon();
  assert.deepEqual(readdirSync(folder), ["out.jsonl"]);
  assert.equal(readFileSync(path.join(folder, "out.jsonl"), "utf8"), "old\n");
});

test("behind a symbolic link the file is replaced, not the link", () => {
  const folder = temporaryFolder({ "real.jsonl": "old\n" });
  const link = path.join(folder, "link.jsonl");
  symlinkSync("real.jsonl", link);
  const output = openOutput(checkWritable(link));
  output.line("new");
  output.finish();
  output.appear();
  assert.equal(readlinkSync(link), "real.jsonl");
  assert.equal(readFileSync(path.join(folder, "real.jsonl"), "utf8"), "new\n");
});

test("a device is written to, not replaced", () => {
  const output = openOutput(checkWritable("/dev/null"));
  output.line("gone");
  output.finish();
  output.appear();
  writeFileSync("/dev/null", "still a device");
  assert.equal(readFileSync("/dev/null", "utf8"), "");
});

test("a folder, and a folder that is missing, are refused", () => {
  const folder = temporaryFolder();
  const reasonFor = (file: string): string => {
    try {
      return checkWritable(file);
    } catch (cause) {
      assert.ok(cause instanceof Refusal);
      assert.equal(cause.exitCode, exitCode.noOutput);
      return cause.message;
    }
  };
  assert.match(reasonFor(folder), /: it is a folder$/);
  assert.match(reasonFor(path.join(folder, "a/b.jsonl")), /: there is no folder ".*\/a"$/);
});
