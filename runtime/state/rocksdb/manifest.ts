import { readFile } from "node:fs/promises";
import path from "node:path";

/**
 * The MANIFEST lists the files of the database, as a log of RocksDB's:
 *
 *     log    ::= block*                    32 KiB each, the last one shorter
 *     block  ::= record* zeros             zeros where no head fits
 *     record ::= crc:u32 length:u16le type:u8 (log:u32 where type is 5 to 8) data
 */
const blockBytes = 32 * 1024;
const headBytes = 7;
const longHeadBytes = 11;

/**
 * Whether the list ends within a record. RocksDB takes that for a write that a power cut has torn, and
 * opens without the files that it named; but where a length was damaged they may have been in use, and
 * a log behind them would be read as if nothing were missing.
 */
export async function isManifestTorn(folder: string): Promise<boolean> {
  try {
    const name = (await readFile(path.join(folder, "CURRENT"), "utf8")).trim();
    return /^MANIFEST-\d+$/.test(name) && endsWithinRecord(await readFile(path.join(folder, name)));
  } catch {
    // What is missing, RocksDB misses too.
    return false;
  }
}

/** Whether the last record of a log is cut off. Checksums are left to RocksDB. */
export function endsWithinRecord(log: Buffer): boolean {
  for (let at = 0; at < log.length; ) {
    const left = blockBytes - (at % blockBytes);
    if (left < headBytes) {
      at += left;
      continue;
    }
    if (at + headBytes > log.length) return true;
    const type = log.readUInt8(at + 6);
    const head = type >= 5 && type <= 8 ? longHeadBytes : headBytes;
    at += head + log.readUInt16LE(at + 4);
    if (at > log.length) return true;
  }
  return false;
}
