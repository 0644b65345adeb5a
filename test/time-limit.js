/**
 * Ends a test file that does not end, for example because a test that failed has left a connection
 * open. Node 24 applies `--test-timeout` to tests, not to files. Loaded with `--import`.
 */
import { isMainThread } from "node:worker_threads";

const minutes = 10;

if (isMainThread && process.env.NODE_TEST_CONTEXT !== undefined) {
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().join(", ");
    process.stderr.write(`the file does not end within ${minutes} minutes; still open: ${open}\n`);
    process.exit(1);
  }, minutes * 60_000).unref();
}
