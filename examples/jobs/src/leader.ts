import type { Context, Cron, Each, Every, On, Sink, Topic } from "streamgen";

export interface Announcement {
  text: string;
  at: Date;
}

export type Announcements = Topic<"announcements", { value: Announcement; time: "at" }>;

/** In one worker of the app only; when it is gone, in another one. Faust's `on_leader=True`. */
export function announce(
  tick: Every<"10s", { leader: true }>,
  announcements: Sink<Announcements>,
): void {
  announcements.send({ text: "the leader is alive", at: new Date(tick.at) });
}

/** By the clocks of a city: Faust's `crontab` with `timezone=`. */
export function openShop(
  tick: Cron<"0 9 * * MON-FRI", "Europe/Berlin", { leader: true }>,
  announcements: Sink<Announcements>,
): void {
  announcements.send({ text: "the shop opens", at: new Date(tick.at) });
}

export function hear({ text }: Each<Announcements>, ctx: Context): void {
  ctx.log.info("heard", { text });
}

/** A worker that goes says so. */
export function farewell(_happening: On<"stopping">, ctx: Context): void {
  ctx.log.info("goodbye");
}
