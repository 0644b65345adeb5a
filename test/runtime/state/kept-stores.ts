import { StreamgenError } from "../../../runtime/errors.ts";
import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { damagedStore, type Store, type StoreEngine } from "../../../runtime/state/store.ts";

/** A store in memory that says it is on disk, so that its rows are read ahead. */
export class KeptStore extends MemoryStore {
  override readonly isInMemory: boolean = false;
  /** Keys that somebody waited for. */
  readonly asked: string[] = [];
  readonly askedTogether: string[][] = [];

  override get(key: Buffer): Buffer | undefined {
    this.asked.push(String(key));
    return super.get(key);
  }

  override async getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]> {
    this.askedTogether.push(keys.map(String));
    return keys.map((key) => super.get(key));
  }
}

/** Stores that outlive their workers, as those on disk do. */
export class KeptStores implements StoreEngine {
  readonly #stores = new Map<string, KeptStore>();
  /** Stores by `table/partition` that cannot be opened. */
  readonly damaged: Set<string> = new Set<string>();
  readonly wiped: string[] = [];

  of(table: string, partition: number): KeptStore {
    const name = `${table}/${partition}`;
    const store = this.#stores.get(name) ?? new KeptStore();
    this.#stores.set(name, store);
    return store;
  }

  async open(table: string, partition: number): Promise<Store> {
    if (this.damaged.has(`${table}/${partition}`)) {
      throw new StreamgenError(damagedStore, "the store is damaged", { table, partition });
    }
    return this.of(table, partition);
  }

  async wipe(table: string, partition: number): Promise<void> {
    const name = `${table}/${partition}`;
    this.wiped.push(name);
    this.damaged.delete(name);
    this.#stores.delete(name);
  }

  async close(): Promise<void> {}
}
