import assert from "node:assert/strict";
import test from "node:test";
import { unknownModule } from "../../../compiler/diagnostics/reading.ts";

const span = { file: "src/shop.ts", start: 0, end: 1, line: 1, column: 1 };

test("nobody is told to install what is a mistyped streamgen", () => {
  const fix = (specifier: string): string | undefined => unknownModule(specifier, span).fix;
  assert.equal(fix("streamgem"), 'write "streamgen"');
  assert.equal(fix("steamgen"), 'write "streamgen"');
  assert.equal(fix("streamgen/confg"), 'write "streamgen/config"');
  assert.equal(fix("stream"), "install it: npm install stream");
  assert.equal(fix("./strem"), "correct the path of the import");
});
