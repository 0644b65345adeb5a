/** Prepares 10,000 real departures, runs the pipeline over them to the end, and shows what came out. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chart, type Line } from "./chart.ts";

interface Delays {
  readonly place: string;
  readonly flights: number;
  readonly late: number;
  readonly minutes: number;
}

const here = import.meta.dirname;
const data = path.join(here, ".streamgen");
const dataFile = "vega-datasets/data/flights-10k.json";
const streamgen = path.join(here, "../../bin/streamgen.js");

mkdirSync(data, { recursive: true });
// The package does not export its data files, but says where it is.
const entry = createRequire(import.meta.url).resolve("vega-datasets");
const source = path.join(entry.slice(0, entry.lastIndexOf("vega-datasets")), dataFile);
const departures: readonly object[] = JSON.parse(readFileSync(source, "utf8"));
const lines = departures.map((departure) => `${JSON.stringify(departure)}\n`);
writeFileSync(path.join(data, "departures.jsonl"), lines.join(""));
const count = lines.length.toLocaleString("en-US");
process.stdout.write(
  `${count} departures of early 2001, cleaned and counted by airport and route\n`,
);

const files = ["--input=departures", "--output=airports", "--output=routes"].map(
  (flag) => `${flag}=.streamgen/${flag.split("=")[1]}.jsonl`,
);
const { status } = spawnSync(
  process.execPath,
  [streamgen, "run", "--cwd", here, "--embedded", ...files, "--until-idle"],
  { stdio: "inherit" },
);
if (status !== 0) process.exit(status ?? 1);

show("Airports with the longest delays (of those with 50 departures)", "airports", 50);
show("Routes with the longest delays (of those with 12 flights)", "routes", 12);

/** The last record of each place is its total. */
function totals(topic: string): readonly Delays[] {
  const records = readFileSync(path.join(data, `${topic}.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  const all = records.map((line): Delays => JSON.parse(line));
  return [...new Map(all.map((delays) => [delays.place, delays])).values()];
}

function show(title: string, topic: string, flightsMin: number): void {
  const worst = totals(topic)
    .filter(({ flights }) => flights >= flightsMin)
    .map(({ place, flights, late, minutes }): Line => {
      const share = `${Math.round((100 * late) / flights)} % late`;
      return { label: place, value: minutes / flights, note: `${flights} flights, ${share}` };
    })
    .sort((a, b) => b.value - a.value)
    .slice(0, 10);
  process.stdout.write(`\n${title}\n${chart(worst, "min")}`);
}
