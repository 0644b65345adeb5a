import { defineConfig } from "streamgen/config";

export default defineConfig({
  app: "flights",
  namespace: "flights",
  // So that it runs on Kafka without a schema registry; on the embedded log they do not count.
  registry: {
    ids: { "departures-value": 1, "flights-value": 2, "airports-value": 3, "routes-value": 3 },
  },
});
