/** What a folder can refuse: one clear error each, and what was written before is still there. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after } from "node:test";
import { bindingFailure, storeFailure } from "../../../../runtime/state/rocksdb/failure.ts";
import { packRows } from "../../../../runtime/state/write-batch.ts";
import { checkpointAt, newFolder, put, shown, withEngine } from "./folder.ts";

const isRoot = process.getuid?.() === 0;
const opener = path.join(import.meta.dirname, "open-folder-as.ts");

test("two engines at once keep their tables apart", async () => {
  const [left, right] = [newFolder("left"), newFolder("right")];
  await withEngine(left, (one) =>
    withEngine(right, async (other) => {
      const stores = await Promise.all([one.open("counts", 0), other.open("counts", 0)]);
      await Promise.all(stores.map((store, index) => put(store, { a: String(index) }, index)));
      assert.deepEqual(stores.map(shown), ["a=0", "a=1"]);
      assert.deepEqual(
        stores.map((store) => store.checkpoint),
        [checkpointAt(0), checkpointAt(1)],
      );
    }),
  );
});

test("a folder in use is refused by its name, to the same process and to another", async () => {
  const folder = newFolder("locked");
  await withEngine(folder, async (engine) => {
    const store = await engine.open("counts", 0);
    await put(store, { a: "1" }, 1);
    const refusal = {
      code: "SG7011",
      message: new RegExp(`${folder} is in use by another worker`),
    };
    await assert.rejects(
      withEngine(folder, async () => undefined),
      refusal,
    );
    const other = openElsewhere(folder);
    assert.match(other, /SG7011/);
    assert.ok(other.includes(folder));
    assert.equal(shown(store), "a=1");
  });
});

test("a folder without rights is refused", { skip: isRoot ? false : "needs root" }, async () => {
  const folder = newFolder("rights");
  await withEngine(folder, async (engine) => {
    await put(await engine.open("counts", 0), { a: "1" }, 1);
  });
  chmodSync(folder, 0o755);
  assert.match(openElsewhere(folder, "65534"), /SG7013/);
  chmodSync(folder, 0o700);
  assert.match(openElsewhere(path.join(folder, "deeper"), "65534"), /SG7013/);
  const { result } = await withEngine(folder, async (engine) =>
    shown(await engine.open("counts", 0)),
  );
  assert.equal(result, "a=1");
});

test("a folder whose name is a file's, or too long, is refused", async () => {
  const folder = newFolder("no-folder");
  const file = path.join(folder, "file");
  writeFileSync(file, "");
  for (const name of [file, path.join(file, "below"), path.join(folder, "x".repeat(5000))]) {
    await assert.rejects(
      withEngine(name, async () => undefined),
      { code: "SG7017" },
      name.slice(0, 100),
    );
  }
});

test("a read-only disk is refused", { skip: mountable() }, async () => {
  const folder = newDisk("size=64m");
  await withEngine(folder, async (engine) => {
    await put(await engine.open("counts", 0), { a: "1" }, 1);
  });
  execFileSync("mount", ["-o", "remount,ro", folder]);
  await assert.rejects(
    withEngine(folder, async () => undefined),
    { code: "SG7013" },
  );
  execFileSync("mount", ["-o", "remount,rw", folder]);
  const { result } = await withEngine(folder, async (engine) =>
    shown(await engine.open("counts", 0)),
  );
  assert.equal(result, "a=1");
});

test("a full disk fails the write and no more: with room again, writing goes on", {
  skip: mountable(),
}, async () => {
  const folder = newDisk("size=24m");
  const big = (n: number) =>
    packRows(
      Array.from({ length: 100 }, (_, index) => {
        const key = Buffer.from(`${String(n).padStart(4, "0")}-${index}`.padEnd(9));
        return [key, Buffer.alloc(10_000, n)] as const;
      }),
    );
  await withEngine(folder, async (engine) => {
    const store = await engine.open("counts", 0);
    let written = 0;
    const fill = async (): Promise<void> => {
      for (; written < 100; written += 1) await store.write(big(written), checkpointAt(written));
    };
    await assert.rejects(fill(), { code: "SG7012", message: /disk is full.*make room/ });
    assert.ok(written > 5, `only ${written} batches fit`);
    await assert.rejects(fill(), { code: "SG7012" });
    execFileSync("mount", ["-o", "remount,size=400m", folder]);
    assert.ok(statfsSync(folder).bavail > 0);
    assert.deepEqual(store.checkpoint, checkpointAt(written - 1));
    assert.equal([...store.scan()].length, written * 100);
    await fill();
    await store.flush();
    assert.equal([...store.scan()].length, 100 * 100);
  });
  await withEngine(folder, async (engine) => {
    const store = await engine.open("counts", 0);
    assert.deepEqual(store.checkpoint, checkpointAt(99));
    assert.equal([...store.scan()].length, 100 * 100);
  });
});

test("a binding that cannot be loaded says what to install", () => {
  const atomic = "libatomic.so.1: cannot open shared object file: No such file or directory";
  const missing = bindingFailure("rocksdb-native", new Error(atomic));
  assert.equal(missing.code, "SG7016");
  assert.match(missing.message, /apt-get install libatomic1/);
  const elsewhere = bindingFailure(
    "rocksdb",
    new Error("No native build was found\nloaded from: x"),
  );
  assert.match(elsewhere.message, /rocksdb cannot be loaded on \w+-\w+: install it/);
  assert.doesNotMatch(elsewhere.message, /loaded from/);
});

test("what the system refuses is told apart from damage", () => {
  const code = (text: string): string => storeFailure(new Error(text), "/state").code;
  assert.equal(code("While appending to file: /s/1.log: No space left on device"), "SG7012");
  assert.equal(code("While open a file for appending: /s/MANIFEST-1: Permission denied"), "SG7013");
  assert.equal(code("While fsync: /s/000004.sst: Input/output error"), "SG7014");
  assert.equal(code("block checksum mismatch: stored = 1, computed = 2"), "SG7010");
});

/** Opens a folder in a process of its own, as another user where one is given: gives what it said. */
function openElsewhere(folder: string, user?: string): string {
  const args = ["--import", "tsx", opener, folder, ...(user === undefined ? [] : [user])];
  return spawnSync(process.execPath, args, { encoding: "utf8", timeout: 30_000 }).stdout;
}

/** Why no disk can be mounted. Where nothing may be skipped, the tests that need one fail. */
function mountable(): string | false {
  if (process.env["CI"] === "true") return false;
  if (process.platform !== "linux" || !isRoot) return "needs root on Linux to mount a small disk";
  const folder = newFolder("mount");
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
  if (status !== 0) return "mounting is not allowed here";
  execFileSync("umount", [folder]);
  return false;
}

/** A small disk of its own, mounted until the tests of the file are over. */
function newDisk(options: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "streamgen-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  after(() => {
    execFileSync("umount", [folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}
