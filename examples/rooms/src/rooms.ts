import type { Each, Get, Int, SetTable, To, Topic, View } from "streamgen";

/** Somebody comes into a room or leaves it. */
export interface Move {
  room: string;
  person: string;
  kind: "join" | "leave";
}

export interface Occupancy {
  room: string;
  people: Int;
}

export type Moves = Topic<"moves", { value: Move; keyBy: "room"; external: true }>;
export type Occupancies = Topic<
  "occupancies",
  { value: Occupancy; keyBy: "room"; cleanup: "compact" }
>;

/** Who is in which room. */
export type People = SetTable<"people", { key: string; element: string }>;

/** Says how many are in the room after each move that changes something. */
export function move(
  { room, person, kind }: Each<Moves>,
  people: People,
): To<Occupancies> | undefined {
  const isNews = kind === "join" ? people.add(room, person) : people.delete(room, person);
  return isNews ? { room, people: people.size(room) } : undefined;
}

/** GET /rooms/kitchen -> ["ann","bob"] */
export async function getRoom(
  { params: { room } }: Get<"/rooms/:room">,
  people: View<People>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const person of people.elements(room)) found.push(person);
  return found;
}
