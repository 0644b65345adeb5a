/** examples/rooms: who is in which room. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver, request, setTable, view } from "@streamgen/runtime/testing";
import type { Get } from "streamgen";
import { peopleTable } from "../../examples/rooms/generated/tables.ts";
import { movesTopic, occupanciesTopic } from "../../examples/rooms/generated/topics.ts";
import { createWorker } from "../../examples/rooms/generated/worker.ts";
import { getRoom, type Move, move, type People } from "../../examples/rooms/src/rooms.ts";

const join = (person: string, room: string): Move => ({ kind: "join", person, room });
const leave = (person: string, room: string): Move => ({ kind: "leave", person, room });

test("a move that changes nothing is not told of", async () => {
  const people = setTable<People>([["hall", ["ann"]]]);
  assert.equal(move(join("ann", "hall"), people), undefined);
  assert.deepEqual(move(join("bob", "hall"), people), { room: "hall", people: 2 });
  assert.equal(move(leave("cyd", "hall"), people), undefined);
  const asked = request<Get<"/rooms/:room">>({ params: { room: "hall" } });
  assert.deepEqual(await getRoom(asked, view(people)), ["ann", "bob"]);
});

test("rooms fill, and survive their worker", async () => {
  await using house = await openDriver(createWorker);
  await house.push(movesTopic, [join("ann", "hall"), join("bob", "hall"), join("cyd", "attic")]);
  await house.crash();
  await house.push(movesTopic, [join("bob", "hall"), leave("ann", "hall")]);
  const told = (await house.values(occupanciesTopic)).filter(({ room }) => room === "hall");
  assert.deepEqual(
    told.map(({ people }) => people),
    [1, 2, 1],
  );
  assert.deepEqual(await house.sets(peopleTable).elements("hall"), ["bob"]);
  assert.equal(await house.sets(peopleTable).has("attic", "cyd"), true);
  assert.deepEqual((await house.request("GET", "/rooms/attic")).json(), ["cyd"]);
});
