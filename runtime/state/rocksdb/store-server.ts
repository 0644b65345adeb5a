import { setImmediate as turn } from "node:timers/promises";
import { type ErrorPlace, StreamgenError } from "../../errors.ts";
import { damagedStore } from "../store.ts";
import { WriteBatch, type WriteBatchCursor } from "../write-batch.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint-text.ts";
import type { Database, DatabaseBatch, OpenDatabase } from "./database.ts";
import { DatabaseKeeper } from "./database-keeper.ts";
import { type Entry, type Identity, whyUnusable } from "./directory.ts";
import { isDamage, storeFailure } from "./failure.ts";
import { checkpointKey, numberBytes, rowKey, tableEnd } from "./keys.ts";
import type { Answers, Kind, Opened, Request } from "./messages.ts";
import type { OpenFolder } from "./open-folder.ts";
import { packPage, packValues, rowKeysIn } from "./packed.ts";
import { Serial } from "./serial.ts";

/** An open store. */
interface Session {
  entry: Entry;
  /** The keeper's, when the entry was read. */
  readonly era: number;
}

type Of<K extends Kind> = Extract<Request, { readonly kind: K }>;
type Change = Of<"start" | "open" | "wipe" | "write" | "discard" | "flush" | "clear" | "stop">;

/** Rows that are added to a batch before reads get their turn. */
const rowsAtOnce = 2048;
/** A piece of a write ends with the row that reaches one of these. Bindings need 230 bytes a row more. */
const pieceRows = 16 * rowsAtOnce;
const pieceBytes = 8 * 2 ** 20;

/** Answers what the store thread is asked. Reads go side by side, changes one after the other. */
export class StoreServer {
  readonly #keeper: DatabaseKeeper;
  readonly #changes = new Serial();
  readonly #sessions = new Map<number, Session>();
  readonly #warnings: string[] = [];
  #lastHandle = 0;

  constructor(folder: string, memoryBytes: number, open: OpenDatabase) {
    const warn = (message: string) => void this.#warnings.push(message);
    this.#keeper = new DatabaseKeeper(folder, memoryBytes, open, warn);
  }

  /** Warnings since the last time, for whoever runs the worker. */
  takeWarnings(): readonly string[] {
    return this.#warnings.splice(0);
  }

  async answer(request: Request): Promise<Answers[Kind]> {
    switch (request.kind) {
      case "get":
      case "getMany":
        return await this.#getMany(request);
      case "page":
        return await this.#page(request);
      case "release":
        this.#sessions.delete(request.handle);
        return undefined;
      default:
        return await this.#changes.run(() => this.#change(request));
    }
  }

  async #change(request: Change): Promise<Answers[Kind]> {
    switch (request.kind) {
      case "start":
        await this.#keeper.reading();
        return undefined;
      case "open":
        return await this.#open(request);
      case "wipe":
        return await this.#wipe({ ...request, changelog: "" });
      case "write":
        return await this.#write(request);
      case "discard":
        return await this.#discard(request);
      case "flush":
        await this.#flush(request.handle);
        return undefined;
      case "clear":
        return await this.#clear(request.handle);
      case "stop":
        await this.#keeper.close();
        return undefined;
    }
  }

  async #open({ app, table, partition, changelog }: Of<"open">): Promise<Opened> {
    const identity: Identity = { app, table, partition, changelog };
    const { directory } = await this.#keeper.renewed();
    const found = directory.find(identity);
    const unusable = found === undefined ? undefined : whyUnusable(found, identity);
    if (unusable !== undefined) throw unusable;
    const entry = found ?? (await this.#keeper.change((opened) => opened.directory.add(identity)));
    const session: Session = { entry, era: this.#keeper.era };
    if (this.#isOpen(entry)) {
      throw new StreamgenError("SG9702", "a store was opened twice", placeOf(entry));
    }
    const key = checkpointKey(entry.number);
    const [bytes] = await this.#reading(session, (database) => database.getMany([key]));
    const checkpoint = bytes === undefined ? undefined : readCheckpoint(bytes.toString());
    if (bytes !== undefined && checkpoint === undefined) {
      const message = `the checkpoint of table "${table}" on disk cannot be read`;
      throw new StreamgenError(damagedStore, message, placeOf(entry));
    }
    if (checkpoint === undefined) await this.#removeRows(session);
    this.#lastHandle += 1;
    this.#sessions.set(this.#lastHandle, session);
    return { handle: this.#lastHandle, checkpoint };
  }

  async #wipe(identity: Identity): Promise<undefined> {
    const { directory } = await this.#keeper.renewed();
    const entry = directory.find(identity);
    if (entry === undefined) return undefined;
    if (this.#isOpen(entry)) {
      throw new StreamgenError("SG9702", "a store was wiped while it was open", placeOf(entry));
    }
    await this.#keeper.change((opened) => opened.directory.remove(entry));
    return undefined;
  }

  async #clear(handle: number): Promise<undefined> {
    await this.#changing(handle, renew);
  }

  /** Rows without a checkpoint are what is left of a first write that was cut short. */
  async #removeRows(session: Session): Promise<void> {
    const { number } = session.entry;
    const [row] = await this.#reading(session, (database) =>
      database.page(rowKey(number), tableEnd(number), 1),
    );
    if (row !== undefined) await this.#keeper.change((opened) => renew(opened, session));
  }

  async #flush(handle: number): Promise<void> {
    const session = this.#session(handle);
    this.#checkEra(session);
    try {
      await this.#keeper.flush();
    } catch (error) {
      throw storeFailure(error, this.#keeper.folder, placeOf(session.entry));
    }
  }

  /**
   * Many rows are written in pieces, the last one with the checkpoint. What is cut short leaves some rows
   * under the checkpoint before, which are newer than it says. They are committed all the same, and the
   * changelog has each of them, or one that is newer still, behind that checkpoint: whoever goes on from
   * there writes them again. Where there is no checkpoint, `#open` removes them.
   */
  async #write(request: Of<"write">): Promise<undefined> {
    const { handle, rows, byteLength, count, checkpoint } = request;
    const cursor = new WriteBatch(rows, byteLength, count).cursor();
    await this.#changing(handle, async ({ database }, { entry: { number } }) => {
      for (let isLast = false; !isLast; ) {
        const batch = database.batch(Math.min(count, pieceRows) + 1);
        await fill(batch, cursor, number);
        isLast = cursor.valueEnd >= byteLength;
        if (isLast) batch.put(checkpointKey(number), Buffer.from(writeCheckpoint(checkpoint)));
        await batch.write();
      }
    });
  }

  async #discard({ handle, from, to }: Of<"discard">): Promise<undefined> {
    await this.#changing(handle, ({ database }, { entry: { number } }) =>
      database.deleteRange(rowKey(number, from), rowKey(number, to)),
    );
  }

  async #getMany({ handle, keys }: Of<"get" | "getMany">): Promise<ArrayBuffer> {
    const session = this.#session(handle);
    const rowKeys = rowKeysIn(keys, session.entry.number);
    return packValues(await this.#reading(session, (database) => database.getMany(rowKeys)));
  }

  async #page({ handle, from, to, rowsMax }: Of<"page">): Promise<Answers["page"]> {
    const session = this.#session(handle);
    const { number } = session.entry;
    const end = to === undefined ? tableEnd(number) : rowKey(number, to);
    const rows = await this.#reading(session, (database) =>
      database.page(rowKey(number, from), end, rowsMax),
    );
    return { rows: packPage(rows), isLast: rows.length < rowsMax };
  }

  /** Damage that a read finds is remembered: whoever opens the table next learns of it. */
  async #reading<T>(session: Session, work: (database: Database) => Promise<T>): Promise<T> {
    try {
      const { database } = await this.#keeper.reading();
      this.#checkEra(session);
      return await work(database);
    } catch (error) {
      const failure = storeFailure(error, this.#keeper.folder, placeOf(session.entry));
      if (isDamage(failure) && session.era === this.#keeper.era) this.#remember(session);
      throw failure;
    }
  }

  async #changing(
    handle: number,
    work: (opened: OpenFolder, session: Session) => Promise<void>,
  ): Promise<void> {
    const session = this.#session(handle);
    try {
      const check = () => this.#checkEra(session);
      await this.#keeper.change((opened) => work(opened, session), check);
    } catch (error) {
      throw storeFailure(error, this.#keeper.folder, placeOf(session.entry));
    }
  }

  #remember(session: Session): void {
    const check = () => this.#checkEra(session);
    const mark = () =>
      this.#keeper.change(({ directory }) => directory.markDamaged(session.entry), check);
    void this.#changes.run(mark).catch(() => undefined);
  }

  #session(handle: number): Session {
    const session = this.#sessions.get(handle);
    if (session === undefined) {
      throw new StreamgenError("SG9702", "a store was used after it was closed");
    }
    return session;
  }

  #checkEra({ entry, era }: Session): void {
    if (era === this.#keeper.era) return;
    const message = `the rows of table "${entry.table}" were removed with a damaged database`;
    throw new StreamgenError(damagedStore, message, placeOf(entry));
  }

  #isOpen(entry: Entry): boolean {
    const sessions = [...this.#sessions.values()];
    return sessions.some(({ entry: { number }, era }) =>
      era === this.#keeper.era ? number === entry.number : false,
    );
  }
}

/** Gives a table a new number, and with it no rows. */
async function renew({ directory }: OpenFolder, session: Session): Promise<void> {
  await directory.remove(session.entry);
  session.entry = await directory.add(session.entry);
}

/** Adds the next piece to a batch, for the table with that number. */
async function fill(batch: DatabaseBatch, cursor: WriteBatchCursor, number: number): Promise<void> {
  const end = cursor.valueEnd + pieceBytes;
  for (let count = 1; count <= pieceRows && cursor.valueEnd < end && cursor.next(); count += 1) {
    // The table's number takes the place of the value's length, which the cursor has read.
    const start = cursor.keyStart - numberBytes;
    cursor.bytes.writeUInt32BE(number, start);
    const key = cursor.bytes.subarray(start, cursor.keyEnd);
    const value = cursor.value();
    if (value === null) batch.delete(key);
    else batch.put(key, value);
    if (count % rowsAtOnce === 0) await turn();
  }
}

function placeOf({ table, partition }: Identity): ErrorPlace {
  return { table, partition };
}
