import type { Driver } from "./driver.ts";

/** Says what a log must do. With `needs: "control"` only a log in memory can be asked. */
export type Case = (
  name: string,
  run: (driver: Driver) => Promise<void>,
  needs?: "control",
) => void;
