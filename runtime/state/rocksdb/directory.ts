import { StreamgenError } from "../../errors.ts";
import { damagedStore } from "../store.ts";
import { parse } from "./checkpoint-text.ts";
import type { Database } from "./database.ts";
import {
  checkpointKey,
  entriesEnd,
  entriesStart,
  entryKey,
  entryNumber,
  nextNumberKey,
  numberBytes,
  numberMax,
  rowKey,
  tableEnd,
} from "./keys.ts";

/** Whose rows they are. */
export interface Identity {
  readonly app: string;
  readonly table: string;
  readonly partition: number;
  /** The topic that the checkpoint's changelog offset is of. */
  readonly changelog: string;
}

/** A table partition in the database. */
export interface Entry extends Identity {
  readonly number: number;
  readonly format: number;
  /** A read has found damaged bytes among its rows. */
  readonly isDamaged: boolean;
}

/** Of identities, checkpoints and rows. */
export const storeFormat = 1;
const pageRows = 256;

/**
 * Which tables a database holds. Each has a number, and a number is never given twice: a table that
 * is removed is gone with its entry, at once, and its rows are cleared away behind it.
 */
export class Directory {
  readonly #database: Database;
  readonly #entries = new Map<string, Entry>();
  #next = 1;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Reads the directory, and clears away rows that a crash has left without an entry. */
  static async load(database: Database): Promise<Directory> {
    const directory = new Directory(database);
    const [next] = await database.getMany([nextNumberKey]);
    if (next !== undefined) directory.#next = next.readUInt32BE(0);
    for (let from = entriesStart; ; ) {
      const rows = await database.page(from, entriesEnd, pageRows);
      for (const [key, value] of rows) {
        const entry = readEntry(entryNumber(key), value.toString());
        if (entry !== undefined) directory.#entries.set(nameOf(entry), entry);
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageRows) break;
      from = entryKey(entryNumber(last[0]) + 1);
    }
    await directory.#clearOrphans();
    return directory;
  }

  find(identity: Identity): Entry | undefined {
    return this.#entries.get(nameOf(identity));
  }

  async add(identity: Identity): Promise<Entry> {
    const number = this.#next;
    if (number >= numberMax) throw new StreamgenError("SG7014", "no table number is left");
    const entry: Entry = { ...identity, number, format: storeFormat, isDamaged: false };
    const next = Buffer.alloc(numberBytes);
    next.writeUInt32BE(number + 1, 0);
    const batch = this.#database.batch(2);
    batch.put(nextNumberKey, next);
    batch.put(entryKey(number), writeEntry(entry));
    await batch.write();
    this.#next = number + 1;
    this.#entries.set(nameOf(entry), entry);
    return entry;
  }

  async remove(entry: Entry): Promise<void> {
    const batch = this.#database.batch(2);
    batch.delete(entryKey(entry.number));
    batch.delete(checkpointKey(entry.number));
    await batch.write();
    if (this.find(entry)?.number === entry.number) this.#entries.delete(nameOf(entry));
    await this.#database.deleteRange(rowKey(entry.number), tableEnd(entry.number));
  }

  /** Remembers the damage, so that the next `open` finds it whatever it reads. */
  async markDamaged(entry: Entry): Promise<void> {
    const damaged = { ...entry, isDamaged: true };
    if (this.find(entry)?.number !== entry.number) return;
    this.#entries.set(nameOf(entry), damaged);
    const batch = this.#database.batch(1);
    batch.put(entryKey(entry.number), writeEntry(damaged));
    await batch.write();
  }

  async #clearOrphans(): Promise<void> {
    const used = [...this.#entries.values()].map(({ number }) => number).sort((a, b) => a - b);
    let from = 1;
    for (const number of [...used, numberMax]) {
      if (number > from) {
        const [orphan] = await this.#database.page(rowKey(from), rowKey(number), 1);
        if (orphan !== undefined) await this.#database.deleteRange(rowKey(from), rowKey(number));
      }
      from = number + 1;
    }
  }
}

/** Why an entry's rows cannot be used for a table; `undefined` where they can. */
export function whyUnusable(entry: Entry, identity: Identity): StreamgenError | undefined {
  const { table, partition } = identity;
  const reason = reasonOf(entry, identity);
  if (reason === undefined) return undefined;
  const message = `the rows of table "${table}" on disk cannot be used: ${reason}`;
  return new StreamgenError(damagedStore, message, { table, partition });
}

function reasonOf(entry: Entry, { changelog }: Identity): string | undefined {
  if (entry.format !== storeFormat) {
    return `they have format ${entry.format}, and this streamgen writes format ${storeFormat}`;
  }
  if (entry.isDamaged) return "a read has found damaged bytes among them";
  if (entry.changelog === changelog) return undefined;
  return `they belong to changelog "${entry.changelog}", not to "${changelog}"`;
}

function nameOf({ app, table, partition }: Identity): string {
  return JSON.stringify([app, table, partition]);
}

function writeEntry({ number: _, ...entry }: Entry): Buffer {
  return Buffer.from(JSON.stringify(entry));
}

/** An entry that cannot be read belongs to nobody: its rows are cleared away as a crash's are. */
function readEntry(number: number, text: string): Entry | undefined {
  const value = parse(text);
  if (value === undefined) return undefined;
  const { format, app, table, partition, changelog, isDamaged } = value;
  if (typeof format !== "number" || typeof partition !== "number") return undefined;
  if (typeof app !== "string" || typeof table !== "string") return undefined;
  return {
    number,
    format,
    app,
    table,
    partition,
    changelog: typeof changelog === "string" ? changelog : "",
    isDamaged: isDamaged === true,
  };
}
