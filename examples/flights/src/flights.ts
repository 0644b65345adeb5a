import type { Each, Field, Int, Sink, Table, To, Topic } from "streamgen";

/** A departure as the data set has it. */
export interface Departure {
  /** In UTC, such as `2001/01/31 07:05`. */
  date: string;
  /** Minutes; early flights have less than none. */
  delay: Int;
  /** Miles. */
  distance: Int;
  origin: string;
  destination: string;
}

/** A departure at a moment in time. */
export interface Flight {
  at: Date;
  delay: Int;
  origin: string;
  destination: string;
}

/** Departures of one place so far. */
export interface Delays {
  place: string;
  flights: Field<Int, { default: 0 }>;
  /** Flights that left more than 15 minutes late. */
  late: Field<Int, { default: 0 }>;
  /** The sum of all delays. */
  minutes: Field<Int, { default: 0 }>;
}

export type Departures = Topic<"departures", { value: Departure; external: true }>;
export type Flights = Topic<"flights", { value: Flight; keyBy: "origin"; time: "at" }>;
export type Airports = Topic<"airports", { value: Delays; keyBy: "place"; cleanup: "compact" }>;
export type Routes = Topic<"routes", { value: Delays; keyBy: "place"; cleanup: "compact" }>;

export type AirportDelays = Table<"airport-delays", { key: string; value: Delays }>;
export type RouteDelays = Table<"route-delays", { key: string; value: Delays }>;

/** Filter and map: a time that is none is left out. */
export function clean(departure: Each<Departures>): To<Flights> | undefined {
  const { date, delay, origin, destination } = departure;
  const at = new Date(`${date.replaceAll("/", "-").replace(" ", "T")}:00Z`);
  return Number.isNaN(at.getTime()) ? undefined : { at, delay, origin, destination };
}

/** State by the topic's own key. */
export function byAirport(flight: Each<Flights>, delays: AirportDelays, out: Sink<Airports>): void {
  const place = flight.origin;
  out.send(delays.update(place, (before) => add(flight.delay, before ?? empty(place))));
}

/** State by another key: the flights are sent on to the partition of their route. */
export function byRoute(
  flight: Each<Flights, { groupBy: typeof routeOf }>,
  delays: RouteDelays,
  out: Sink<Routes>,
): void {
  const place = routeOf(flight);
  out.send(delays.update(place, (before) => add(flight.delay, before ?? empty(place))));
}

export function routeOf(flight: Flight): string {
  return `${flight.origin}-${flight.destination}`;
}

const empty = (place: string): Delays => ({ place, flights: 0, late: 0, minutes: 0 });

function add(delay: number, { place, flights, late, minutes }: Readonly<Delays>): Delays {
  const isLate = delay > 15;
  return { place, flights: flights + 1, late: late + Number(isLate), minutes: minutes + delay };
}
