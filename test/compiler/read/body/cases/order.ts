/** What the cases are about. */
import type { Hopping, Int, Table, Topic, Uuid, WindowedTable } from "streamgen";

export interface Address {
  city: string;
  street: string;
  zip: string;
}

export interface Order {
  id: Uuid;
  customerId: string;
  amount: number;
  items: Int;
  status: "new" | "paid";
  tags: string[];
  address: Address;
  coupon?: string;
  placedAt: Date;
}

export interface Cart {
  id: string;
  customerId: string;
  lines: { sku: string; qty: number }[];
  prices: Record<string, number>;
  length: { cm: number };
  photo: Uint8Array;
}

export type Orders = Topic<"orders", { value: Order; keyBy: "customerId" }>;
export type Copy = Topic<"copy", { value: Order; keyBy: "customerId" }>;
export type Carts = Topic<"carts", { value: Cart; keyBy: "customerId" }>;
export type Counts = Table<"counts", { key: string; value: Int; default: 0 }>;
export type Recent = WindowedTable<
  "recent",
  { key: string; value: Int; default: 0; window: Hopping<"10m", "1m">; grace: "30s" }
>;
export type Kept = Table<"kept", { key: string; value: Order }>;

export const defaults: Order = {
  id: "d",
  customerId: "nobody",
  amount: 0,
  items: 0,
  status: "new",
  tags: [],
  address: { city: "", street: "", zip: "" },
  placedAt: new Date(0),
};
