import type { Context, Each, Topic } from "streamgen";

export interface News {
  headline: string;
}

export type AllNews = Topic<"news", { value: News; external: true }>;

/** Each function gets every record; a record is acknowledged once both are done with it. */
export function readerA({ headline }: Each<AllNews>, ctx: Context): void {
  ctx.log.info("A", { headline });
}

/** A record that fails here is left out here, and nowhere else. */
export function readerB({ headline }: Each<AllNews, { onError: "skip" }>, ctx: Context): void {
  if (headline === "") throw new Error("no headline");
  ctx.log.info("B", { headline });
}
