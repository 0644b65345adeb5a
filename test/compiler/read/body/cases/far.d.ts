/** Functions whose bodies are not at hand. */
import type { Counts, Order } from "./order.ts";

export declare function unknown(...given: readonly unknown[]): boolean;
export declare function unknownTable(counts: Counts): void;
export declare function change(tags: string[]): void;
export declare function consume(orders: AsyncIterable<Order>): Promise<void>;
