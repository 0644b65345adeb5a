/** The examples are what they claim: their generated files are up to date, and their results right. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import { repository, streamgen, streamgenProcess } from "./project.ts";
import { temporaryFolder } from "./temporary.ts";

const flights = path.join(repository, "examples/flights");

interface Departure {
  readonly delay: number;
  readonly origin: string;
  readonly destination: string;
}

interface Delays {
  readonly place: string;
  readonly flights: number;
  readonly late: number;
  readonly minutes: number;
}

const projects = readdirSync(path.join(repository, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

for (const name of projects) {
  test(`the generated files of ${name} are up to date`, async () => {
    const folder = path.join(repository, "examples", name);
    const { status, stdout, stderr } = await streamgen(folder, "check");
    assert.equal(status, 0, stdout + stderr);
  });
}

test("the table of examples names each project and its test", () => {
  const readme = readFileSync(path.join(repository, "examples/README.md"), "utf8");
  for (const name of projects) {
    assert.ok(readme.includes(`](${name}/`), `no row for ${name}`);
    const isTested = readme.includes(`](../test/examples/${name}.test.ts)`);
    assert.ok(isTested || name === "flights", `no test of ${name}`);
  }
});

test("the flights' totals are those of a plain loop", () => {
  const folder = temporaryFolder();
  const departures = dataSet();
  const [input, airports, routes] = ["input", "airports", "routes"].map((name) =>
    path.join(folder, `${name}.jsonl`),
  );
  writeLines(input ?? "", departures);
  const flags = [
    `--input=departures=${input}`,
    `--output=airports=${airports}`,
    `--output=routes=${routes}`,
  ];
  const { status, stderr } = streamgenProcess(
    flights,
    "run",
    "--embedded",
    "--until-idle",
    ...flags,
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(
    lastTotals(airports ?? ""),
    totals(departures, ({ origin }) => origin),
  );
  assert.deepEqual(
    lastTotals(routes ?? ""),
    totals(departures, ({ origin, destination }) => `${origin}-${destination}`),
  );
});

function dataSet(): readonly Departure[] {
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  const file = path.join(path.dirname(entry), "../data/flights-10k.json");
  return JSON.parse(readFileSync(file, "utf8"));
}

function writeLines(file: string, values: readonly object[]): void {
  writeFileSync(file, values.map((value) => `${JSON.stringify(value)}\n`).join(""));
}

function totals(
  departures: readonly Departure[],
  placeOf: (departure: Departure) => string,
): ReadonlyMap<string, Delays> {
  const found = new Map<string, Delays>();
  for (const departure of departures) {
    const place = placeOf(departure);
    const { flights = 0, late = 0, minutes = 0 } = found.get(place) ?? {};
    const { delay } = departure;
    const isLate = delay > 15 ? 1 : 0;
    found.set(place, {
      place,
      flights: flights + 1,
      late: late + isLate,
      minutes: minutes + delay,
    });
  }
  return found;
}

function lastTotals(file: string): ReadonlyMap<string, Delays> {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const all = lines.map((line): Delays => JSON.parse(line));
  return new Map(all.map((delays) => [delays.place, delays]));
}
