#!/usr/bin/env node
import module from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `error: streamgen needs Node 20.19 or newer, and this is ${process.version}\n`,
  );
  process.exitCode = 2;
} else {
  // From Node 22 on, the second start spends less time on parsing TypeScript's own compiler.
  module.enableCompileCache?.();
  const { main } = await import("../dist/cli/main.js");
  main();
}
