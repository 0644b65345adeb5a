import test from "node:test";
import type { Case } from "./contract/case.ts";
import { compactionCases } from "./contract/compaction.ts";
import { Driver, type LogUnderTest } from "./contract/driver.ts";
import { fencingCases } from "./contract/fencing.ts";
import { fetchCases } from "./contract/fetch.ts";
import { groupCases } from "./contract/groups.ts";
import { membershipCases } from "./contract/membership.ts";
import { offsetCases } from "./contract/offsets.ts";
import { produceCases } from "./contract/produce.ts";
import { topicCases } from "./contract/topics.ts";
import { transactionCases } from "./contract/transactions.ts";

/**
 * What every log must do. `makeLog` gives one per case, or the same broker again and again: names are
 * made unique.
 */
export function logContract(name: string, makeLog: () => Promise<LogUnderTest>): void {
  const define: Case = (title, run, needs) => {
    test(`${name}: ${title}`, async (t) => {
      const under = await makeLog();
      try {
        if (needs === "control" && under.control === undefined) {
          t.skip("only a log in memory can be made to do this");
          return;
        }
        await run(new Driver(under));
      } finally {
        await under.close();
      }
    });
  };
  topicCases(define);
  produceCases(define);
  fetchCases(define);
  groupCases(define);
  membershipCases(define);
  offsetCases(define);
  transactionCases(define);
  fencingCases(define);
  compactionCases(define);
}
