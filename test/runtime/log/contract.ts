import assert from "node:assert/strict";
import test, { describe } from "node:test";
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

export interface ContractOptions {
  /**
   * Cases that this log is known to fail, by title, each with the reason. A title that no case has
   * fails, and so does a case that passes.
   */
  readonly exceptions?: Readonly<Record<string, string>>;
  /** How many cases run at once; 1 without it. */
  readonly concurrency?: number;
  /** Why no case can run. */
  readonly skip?: string | false;
}

/**
 * What every log must do. `makeLog` gives one per case, or the same broker again and again: names are
 * made unique.
 */
export function logContract(
  name: string,
  makeLog: () => Promise<LogUnderTest>,
  options: ContractOptions = {},
): void {
  const { exceptions = {}, concurrency = 1, skip = false } = options;
  const titles = new Set<string>();
  const define: Case = (title, run, needs) => {
    titles.add(title);
    test(`${name}: ${title}`, { skip }, async (t) => {
      const under = await makeLog();
      const reason = exceptions[title];
      try {
        if (needs === "control" && under.control === undefined) {
          t.skip("only a log in memory can be made to do this");
        } else if (reason === undefined) {
          await run(new Driver(under));
        } else {
          await assert.rejects(run(new Driver(under)), "the case passes: it is no exception");
          t.diagnostic(`not done: ${reason}`);
        }
      } finally {
        await under.close();
      }
    });
  };
  describe(`${name} log`, { concurrency }, () => {
    topicCases(define);
    produceCases(define);
    fetchCases(define);
    groupCases(define);
    membershipCases(define);
    offsetCases(define);
    transactionCases(define);
    fencingCases(define);
    compactionCases(define);
    test(`${name}: every exception names a case`, () => {
      assert.deepEqual(
        Object.keys(exceptions).filter((title) => !titles.has(title)),
        [],
      );
    });
  });
}
