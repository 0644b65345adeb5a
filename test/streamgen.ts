/** The command line, run from its sources: tests and benchmarks start it as a process of its own. */
import { main } from "../compiler/cli/main.ts";

main();
