import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import test, { after } from "node:test";
import { inspect } from "node:util";
import { manualClock } from "../../../../runtime/clock.ts";
import { tokenSource } from "../../../../runtime/worker/connect/access-token.ts";
import { HiddenText } from "../../../../runtime/worker/settings/hidden-text.ts";

const secret = "s3cr:t c4n4ry/+";

/** A server that answers each request by the next of these, and what it was asked. */
async function tokenServer(
  answer: (response: ServerResponse, count: number) => void,
): Promise<{ readonly url: string; readonly asked: { headers: object; body: string }[] }> {
  const asked: { headers: object; body: string }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      asked.push({ headers: request.headers, body });
      answer(response, asked.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.closeAllConnections());
  after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/oauth2/token?tenant=c4n4ry`, asked };
}

const json = (response: ServerResponse, body: object, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

function source(tokenUrl: string, scope?: string) {
  const clock = manualClock(1_000_000);
  const clientSecret = HiddenText.fromEnvironment({ S: secret }, "S", "kafka.sasl.clientSecret");
  const grant = { tokenUrl, clientId: "shop & co", clientSecret, ...(scope && { scope }) };
  return { clock, token: tokenSource(grant, clock) };
}

test("a token is asked for by the client credentials grant", async () => {
  const { url, asked } = await tokenServer((response) =>
    json(response, { access_token: "abc.def", token_type: "Bearer", expires_in: 100 }),
  );
  const { token } = source(url, "kafka read");
  assert.equal(await token(), "abc.def");
  const { headers, body } = asked[0] ?? { headers: {}, body: "" };
  assert.equal(body, "grant_type=client_credentials&scope=kafka+read");
  assert.ok("authorization" in headers && "content-type" in headers);
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
  const [user, password] = Buffer.from(String(headers.authorization).slice(6), "base64")
    .toString()
    .split(":")
    .map((part) => new URLSearchParams(`x=${part}`).get("x"));
  assert.deepEqual([user, password], ["shop & co", secret]);
});

test("a token is kept for four fifths of its life, then another one is asked for", async () => {
  const { url, asked } = await tokenServer((response, count) =>
    json(response, { access_token: `token-${count}`, expires_in: 100 }),
  );
  const { clock, token } = source(url);
  assert.equal(await token(), "token-1");
  await clock.advance(79_000);
  assert.equal(await token(), "token-1");
  await clock.advance(2_000);
  assert.equal(await token(), "token-2");
  assert.equal(asked.length, 2);
});

test("a token whose life is not said is asked for each time", async () => {
  const { url, asked } = await tokenServer((response) => json(response, { access_token: "t" }));
  const { token } = source(url);
  await token();
  await token();
  assert.equal(asked.length, 2);
});

test("who asks at the same time shares one request, and one that failed is made again", async () => {
  const { url, asked } = await tokenServer((response, count) =>
    count === 1
      ? json(response, { error: "temporarily_unavailable" }, 503)
      : json(response, { access_token: "t", expires_in: 100 }),
  );
  const { token } = source(url);
  const both = await Promise.allSettled([token(), token()]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.equal(asked.length, 1);
  assert.equal(await token(), "t");
});

const refusals: readonly {
  readonly what: string;
  readonly answer: (response: ServerResponse) => void;
  readonly message: RegExp;
}[] = [
  {
    what: "that refuses the client",
    answer: (response) =>
      json(response, { error: "invalid_client", error_description: secret }, 401),
    message: /it answers 401 and "invalid_client"$/,
  },
  {
    what: "that says something unprintable",
    answer: (response) => json(response, { error: `\n${secret}"` }, 400),
    message: /it answers 400$/,
  },
  {
    what: "that answers with a page",
    answer: (response) => response.end(`<html>${secret}</html>`),
    message: /it answers 200 without a JSON object$/,
  },
  {
    what: "that answers without a token",
    answer: (response) => json(response, { token: "x" }),
    message: /its answer has no access_token$/,
  },
  {
    what: "whose token has line breaks",
    answer: (response) => json(response, { access_token: "a\r\nb" }),
    message: /its answer has no access_token$/,
  },
  {
    what: "that gives another kind of token",
    answer: (response) => json(response, { access_token: "a", token_type: "mac" }),
    message: /its token is no bearer token$/,
  },
  {
    what: "that answers without end",
    answer: (response) => {
      response.on("drain", () => response.write(" ".repeat(65_536)));
      response.write(" ".repeat(1_000_000));
    },
    message: /its answer is longer than 64 KiB$/,
  },
  {
    what: "that sends elsewhere",
    answer: (response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
    message: /it sends elsewhere, where the secret must not go$/,
  },
];

for (const { what, answer, message } of refusals) {
  test(`a server ${what} gives one clear error, without the secret`, async () => {
    const { url } = await tokenServer(answer);
    const { token } = source(url);
    await assert.rejects(token(), (error: Error & { code?: string }) => {
      assert.equal(error.code, "SG8104");
      assert.match(error.message, message);
      assert.match(error.message, /^http:\/\/127\.0\.0\.1:\d+\/oauth2\/token gives no token to/);
      const shown = inspect(error, { depth: 10, showHidden: true });
      assert.doesNotMatch(shown, /c4n4ry/);
      return true;
    });
  });
}

test("a server that is not there is named", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { token } = source(`http://127.0.0.1:${port}/token`);
  await assert.rejects(token(), {
    code: "SG8104",
    message: `http://127.0.0.1:${port}/token gives no token to "shop & co": no answer (ECONNREFUSED)`,
  });
});
