/**
 * 10,000 made-up pipelines, half of them broken, 500 at a time: `npm run fuzz`. SEED chooses others;
 * PIPELINES and BROKEN say how many there are at a time. What fails is written as a fixture.
 */
import { spawnSync } from "node:child_process";

const rounds = 20;
const first = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
for (let round = 0; round < rounds; round += 1) {
  const seed = String(first + round * 1000);
  process.stdout.write(`round ${round + 1} of ${rounds}, SEED=${seed}\n`);
  const env = { ...process.env, SEED: seed, FIXTURES: "1" };
  const args = ["test/run.js", "test/generated"];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit", env });
  if (status !== 0) process.exit(1);
}
