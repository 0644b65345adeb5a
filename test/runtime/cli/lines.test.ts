import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { exitCode } from "../../../runtime/cli/exit-code.ts";
import { lineMaxBytes, readLines } from "../../../runtime/cli/lines.ts";
import { Refusal } from "../../../runtime/cli/refusal.ts";
import { temporaryFolder } from "../../temporary.ts";

const folder = temporaryFolder();

async function linesOf(content: string | Buffer): Promise<readonly string[]> {
  const file = path.join(folder, "lines.jsonl");
  writeFileSync(file, content);
  const lines: string[] = [];
  await readLines(file, (line, number) => lines.push(`${number} ${line}`));
  return lines;
}

async function refused(file: string): Promise<Refusal> {
  try {
    await readLines(file, () => undefined);
  } catch (cause) {
    assert.ok(cause instanceof Refusal, String(cause));
    return cause;
  }
  return assert.fail("it was read");
}

async function refusedContent(content: string | Buffer): Promise<string> {
  const file = path.join(folder, "bad.jsonl");
  writeFileSync(file, content);
  const refusal = await refused(file);
  assert.equal(refusal.exitCode, exitCode.badInput);
  return refusal.message.slice(folder.length + 1);
}

test("lines are counted from 1, and blank ones are passed over", async () => {
  assert.deepEqual(await linesOf("1\n\n  \n2\n3"), ["1 1", "4 2", "5 3"]);
  assert.deepEqual(await linesOf(""), []);
  assert.deepEqual(await linesOf("\n"), []);
});

test("Windows line ends and a byte order mark do not count", async () => {
  assert.deepEqual(await linesOf("\ufeff1\r\n2\r\n"), ["1 1", "2 2"]);
});

test("lines and characters that go over chunks are whole", async () => {
  const long = `"${"ä€𝄞".repeat(100_000)}"`;
  assert.deepEqual(await linesOf(`${long}\n${long}\n`), [`1 ${long}`, `2 ${long}`]);
});

test("a line that is no UTF-8 is named", async () => {
  const bytes = Buffer.concat([Buffer.from("1\n"), Buffer.from([0x22, 0xe4, 0x22, 0x0a])]);
  assert.equal(await refusedContent(bytes), "bad.jsonl:2: the line is not UTF-8");
  const utf16 = Buffer.from("\ufeff{}\n", "utf16le");
  assert.equal(await refusedContent(utf16), "bad.jsonl:1: the line is not UTF-8");
});

test("a line beyond the limit is refused before it is gathered", async () => {
  const content = Buffer.alloc(lineMaxBytes + 1_000_000, 0x20);
  assert.equal(await refusedContent(content), "bad.jsonl:1: the line is longer than 16 MiB");
});

test("a missing file and a folder are refused", async () => {
  const missing = await refused(path.join(folder, "nowhere.jsonl"));
  assert.match(missing.message, /nowhere\.jsonl: there is no such file$/);
  assert.equal(missing.exitCode, exitCode.noInput);
  assert.match((await refused(folder)).message, /: it is a folder$/);
});

test("reading ends where the caller has enough", async () => {
  const file = path.join(folder, "long.jsonl");
  writeFileSync(file, "1\n".repeat(500_000));
  let lines = 0;
  await readLines(
    file,
    () => lines++,
    async () => false,
  );
  assert.ok(lines > 0 && lines < 500_000, String(lines));
});
