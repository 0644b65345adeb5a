/**
 * Prepares 10,000 real departures, runs the pipeline over them to the end, and shows what came out: on
 * the embedded log, or with `--bootstrap host:port` on Kafka.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
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
const program = path.join(here, "../../bin/streamgen.js");
const { bootstrap } = parseArgs({ options: { bootstrap: { type: "string" } } }).values;

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

if (bootstrap === undefined) runEmbedded();
else runOnKafka(["--bootstrap", bootstrap]);

show("Airports with the longest delays (of those with 50 departures)", "airports", 50);
show("Routes with the longest delays (of those with 12 flights)", "routes", 12);

function runEmbedded(): void {
  const files = ["--input=departures", "--output=airports", "--output=routes"].map(
    (flag) => `${flag}=.streamgen/${flag.split("=")[1]}.jsonl`,
  );
  streamgen("inherit", "run", "--embedded", ...files, "--until-idle");
}

/** Each run begins anew; only the departures of the first one are sent. */
function runOnKafka(cluster: readonly string[]): void {
  const ownState = ["--state", path.join(data, "state")];
  streamgen("inherit", "reset", "--yes", "--quiet", ...ownState, ...cluster);
  streamgen("inherit", "topics", "apply", "--external", "--yes", "--quiet", ...cluster);
  const sent = tail("departures", cluster).split("\n").length - 1;
  if (sent === 0) {
    streamgen("inherit", "send", "departures", "--file=.streamgen/departures.jsonl", ...cluster);
  } else if (sent !== lines.length) {
    const found = `topic "departures" holds ${sent} records that are not these ${lines.length}`;
    process.stderr.write(`${found}: delete it, or use another cluster\n`);
    process.exit(1);
  }
  const worker = ["--delivery=at-least-once", "--until-idle", ...ownState];
  streamgen("inherit", "run", ...worker, ...cluster);
  for (const topic of ["airports", "routes"]) {
    writeFileSync(path.join(data, `${topic}.jsonl`), tail(topic, cluster));
  }
}

/** All records of a topic as lines. */
function tail(topic: string, cluster: readonly string[]): string {
  return streamgen("pipe", "tail", topic, "--no-follow", "--quiet", ...cluster);
}

/** Runs a command to its end and gives its standard output. Ends this program where it fails. */
function streamgen(stdout: "inherit" | "pipe", ...args: readonly string[]): string {
  const result = spawnSync(process.execPath, [program, ...args, "--cwd", here], {
    stdio: ["ignore", stdout, "inherit"],
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result.stdout;
}

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
