/** examples/page-views: views keyed by user are counted by page, whatever happens to the worker. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver, table } from "@streamgen/runtime/testing";
import { countsTable } from "../../examples/page-views/generated/tables.ts";
import { pageCountsTopic, viewsTopic } from "../../examples/page-views/generated/topics.ts";
import { createWorker } from "../../examples/page-views/generated/worker.ts";
import { type Counts, countView } from "../../examples/page-views/src/page-views.ts";

const view = (page: string, user: string) => ({ page, user, at: new Date("2026-01-01T00:00:01Z") });

test("one view", () => {
  const counts = table<Counts>([["/", 6]], 0);
  assert.deepEqual(countView(view("/", "ann"), counts), { page: "/", views: 7 });
});

test("views of many users are counted by page, and logged every ten seconds", async () => {
  await using pages = await openDriver(createWorker);
  await pages.push(viewsTopic, [view("/", "ann"), view("/", "bob"), view("/news", "ann")]);
  await pages.crash();
  await pages.push(viewsTopic, [view("/", "cyd")]);
  assert.deepEqual(
    await pages.table(countsTable).rows(),
    new Map([
      ["/", 3],
      ["/news", 1],
    ]),
  );
  const counts = await pages.values(pageCountsTopic);
  assert.equal(counts.length, 4);
  await pages.advance("10s");
  const logged = pages.lines
    .filter(({ text }) => text === "views")
    .map(({ fields }) => fields["page"]);
  assert.deepEqual(logged.sort(), ["/", "/news"]);
});
