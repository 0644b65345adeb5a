export { nearest } from "../worker/settings/nearest.ts";
