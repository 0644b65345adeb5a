import type { Context, Each, Every, Int, Lookup, Table, To, Topic } from "streamgen";

/** Somebody looked at a page. */
export interface View {
  page: string;
  user: string;
  at: Date;
}

/** How often a page was looked at so far. */
export interface PageCount {
  page: string;
  views: Int;
}

export type Views = Topic<
  "views",
  { value: View; keyBy: "user"; time: "at"; partitions: 4; external: true }
>;
export type PageCounts = Topic<"page-counts", { value: PageCount; keyBy: "page" }>;

/** Views by page. */
export type Counts = Table<"counts", { key: string; value: Int; default: 0 }>;

/** Counts the views of each page. The topic's key is the user, so the stream is grouped by page first. */
export function countView(view: Each<Views, { groupBy: "page" }>, counts: Counts): To<PageCounts> {
  return { page: view.page, views: counts.update(view.page, (n) => n + 1) };
}

/** Logs every ten seconds what there is, in each partition of the table. */
export function dump(tick: Every<"10s">, counts: Lookup<Counts>, ctx: Context): void {
  for (const [page, views] of counts.entries()) ctx.log.info("views", { page, views, at: tick.at });
}
