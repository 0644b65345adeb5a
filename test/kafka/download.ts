/** Downloads what the tests on real servers run, so that no test waits for it. */
import { kafkaClassPath, noKafka } from "./jars.ts";
import { noRegistry, registryProgram } from "./registry.ts";

const missing = noKafka() ?? noRegistry();
if (missing !== undefined) {
  console.error(missing);
  process.exit(3);
}
console.log(kafkaClassPath());
console.log(registryProgram().folder);
