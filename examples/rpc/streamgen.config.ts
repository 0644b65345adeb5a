import { defineConfig } from "streamgen/config";

export default defineConfig({ app: "rpc", askTimeoutMs: 5000 });
