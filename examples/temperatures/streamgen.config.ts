import { defineConfig } from "streamgen/config";

export default defineConfig({ app: "temperatures" });
