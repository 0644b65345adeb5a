import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import {
  openTerminal,
  type Terminal,
  type TerminalOptions,
} from "../../../compiler/cli/terminal.ts";

interface Opened {
  readonly terminal: Terminal;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

function open(isTTY: boolean, options: Partial<TerminalOptions> = {}): Opened {
  let [out, err] = ["", ""];
  const terminal = openTerminal({
    stdout: {
      write(text) {
        out += text;
      },
    },
    stderr: {
      isTTY,
      write(text) {
        err += text;
      },
    },
    env: {},
    color: undefined,
    isQuiet: false,
    ...options,
  });
  return { terminal, stdout: () => out, stderr: () => err };
}

/** Lets timers that are due run. */
function pass(context: TestContext, milliseconds: number): void {
  context.mock.timers.tick(milliseconds);
}

test("progress shows after 300 ms only, on one line that goes away", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { terminal, stderr } = open(true);
  terminal.progress("reading");
  assert.equal(stderr(), "");
  pass(context, 300);
  assert.match(stderr(), /reading$/);
  terminal.note("done\n");
  assert.ok(stderr().endsWith("\r\u001b[2Kdone\n"));
});

test("what is done before that is never seen", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { terminal, stderr } = open(true);
  terminal.progress("reading");
  terminal.done();
  pass(context, 1000);
  assert.equal(stderr(), "");
});

test("without a terminal, and where quiet is wanted, there is no progress", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  for (const { terminal, stderr } of [open(false), open(true, { isQuiet: true })]) {
    terminal.progress("reading");
    pass(context, 1000);
    assert.equal(stderr(), "");
  }
});

test("results and remarks go to different streams", () => {
  const { terminal, stdout, stderr } = open(false);
  terminal.print("result");
  terminal.note("remark");
  assert.deepEqual([stdout(), stderr()], ["result", "remark"]);
});

test("colours follow the flag, then the environment, then the terminal", () => {
  const hasColor = (isTTY: boolean, env: TerminalOptions["env"], color?: boolean): boolean =>
    open(isTTY, { env, color }).terminal.hasColor;
  assert.equal(hasColor(true, {}), true);
  assert.equal(hasColor(false, {}), false);
  assert.equal(hasColor(true, { NO_COLOR: "1" }), false);
  assert.equal(hasColor(true, { TERM: "dumb" }), false);
  assert.equal(hasColor(false, { FORCE_COLOR: "1" }), true);
  assert.equal(hasColor(true, { FORCE_COLOR: "0" }), false);
  assert.equal(hasColor(true, { NO_COLOR: "1" }, true), true);
  assert.equal(hasColor(true, {}, false), false);
});
