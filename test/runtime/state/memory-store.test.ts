import { MemoryStore } from "../../../runtime/state/memory-store.ts";
import { storeContract } from "./store-contract.ts";

storeContract("memory store", async () => new MemoryStore());
