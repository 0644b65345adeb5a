import { StreamgenError } from "../../errors.ts";
import { damagedStore } from "../store.ts";
import type { OpenDatabase } from "./database.ts";
import { isDamage, storeFailure } from "./failure.ts";
import { type OpenFolder, openFolder, removeDatabase } from "./open-folder.ts";

/**
 * Keeps the database of a folder open. RocksDB takes no write after one has failed, so:
 *
 *               a write fails              the next change
 *      sound ──────────────────▶ refusing ──────────────────▶ opened again: sound
 *        │     damage is found              the next open or wipe of a table
 *        └─────────────────────▶ damaged ──────────────────▶ removed, made anew: sound
 */
export class DatabaseKeeper {
  readonly folder: string;
  readonly #memoryBytes: number;
  readonly #open: OpenDatabase;
  readonly #warn: (message: string) => void;
  #current: Promise<OpenFolder> | undefined;
  #state: "sound" | "refusing" | "damaged" = "sound";
  #era = 0;
  #isFlushed = true;

  constructor(
    folder: string,
    memoryBytes: number,
    open: OpenDatabase,
    warn: (message: string) => void,
  ) {
    this.folder = folder;
    this.#memoryBytes = memoryBytes;
    this.#open = open;
    this.#warn = warn;
  }

  /** Goes up when the database was made anew: what was in it before is gone. */
  get era(): number {
    return this.#era;
  }

  /** The database for reads, which a failed write does not hinder. */
  reading(): Promise<OpenFolder> {
    this.#current ??= this.#opening(async () => undefined);
    return this.#current;
  }

  /** The database, sound: one that is damaged is made anew. Changes come one after the other. */
  async renewed(): Promise<OpenFolder> {
    if (this.#state === "damaged") {
      this.#warn(
        `the tables in ${this.folder} are damaged: all of them are removed, and rebuilt from their ` +
          "changelogs",
      );
      await this.#replace(() => removeDatabase(this.folder));
      this.#era += 1;
    } else if (this.#state === "refusing") await this.#replace(async () => undefined);
    return await this.reading();
  }

  /**
   * Changes the database. Throws SG7010 once it is damaged, and what `check` throws: it is called when
   * the database is sure to be the one that is changed.
   */
  async change<T>(
    work: (opened: OpenFolder) => Promise<T>,
    check: () => void = () => undefined,
  ): Promise<T> {
    if (this.#state === "damaged") {
      throw new StreamgenError(damagedStore, `the tables in ${this.folder} are damaged`);
    }
    const opened = await this.renewed();
    check();
    this.#isFlushed = false;
    try {
      return await work(opened);
    } catch (error) {
      const failure = storeFailure(error, this.folder);
      this.#state = isDamage(failure) ? "damaged" : "refusing";
      throw failure;
    }
  }

  /** Makes all changes survive a power cut. */
  async flush(): Promise<void> {
    if (this.#isFlushed) return;
    await this.change(({ database }) => database.flush());
    this.#isFlushed = true;
  }

  /** Changes that cannot be flushed are in RocksDB's log all the same: closing never fails. */
  async close(): Promise<void> {
    if (this.#current === undefined) return;
    await this.flush().catch(() => undefined);
    const opened = await this.#current?.catch(() => undefined);
    this.#current = undefined;
    await opened?.database.close();
  }

  /** Reads that come meanwhile wait for the new one; those that have begun end on the old one. */
  async #replace(between: () => Promise<void>): Promise<void> {
    const old = this.#current;
    this.#current = this.#opening(async () => {
      const opened = await old?.catch(() => undefined);
      await opened?.database.close().catch(() => undefined);
      await between();
    });
    await this.#current;
    this.#state = "sound";
  }

  /** What could not be opened is tried again the next time. */
  #opening(before: () => Promise<void>): Promise<OpenFolder> {
    const opening = before()
      .then(() => openFolder(this.#open, this.folder, this.#memoryBytes, this.#warn))
      .then((opened) => {
        if (opened.isReplaced) this.#era += 1;
        return opened;
      });
    opening.catch(() => {
      if (this.#current === opening) this.#current = undefined;
    });
    return opening;
  }
}
