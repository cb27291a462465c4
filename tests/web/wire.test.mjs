/** The examples of tests/wire/, which pytest reads too. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Connection } from "../../web/js/core/session/connection.js";
import { readMessage } from "../../web/js/core/session/inbound.js";

const folder = new URL("../wire/", import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({ name: name.replace(".json", ""), ...JSON.parse(readFileSync(new URL(name, folder), "utf8")) }));
const server = files.filter((f) => f.direction === "server");
const client = new Map(files.filter((f) => f.direction === "client").map((f) => [f.name, f]));

test("there are examples", () => assert.ok(server.length >= 10 && client.size >= 10));

for (const { name, good, bad } of server) {
  test(`${name}: the good ones are understood`, () => {
    for (const message of good) assert.deepEqual(readMessage(JSON.stringify(message)), message);
  });

  test(`${name}: the bad ones are not used`, () => {
    for (const { why, message, text } of bad) assert.equal(readMessage(text ?? JSON.stringify(message)), null, why);
  });
}

test("what is no message at all is not used", () => {
  for (const text of ["", "{", "[]", "null", "7", '{"type": "tomorrow"}', '{"type": "constructor"}', "{}"])
    assert.equal(readMessage(text), null);
});

test("what the page shows has the form of the examples", () => {
  const c = new Connection("tab12345", { width: 800, height: 600, only_active: false, gap: 1 });
  c.connect(0);
  const [, { message: hello }] = c.opened(0);
  c.received(server.find((f) => f.name === "welcome").good[0], 0);
  const [{ message: ping }] = c.tick(0);
  const [{ message: screen }] = c.reshape({ width: 10, height: 20 });
  const [{ message: alive }] = c.received({ type: "probe" }, 1);
  const made = { hello, ping, alive, screen };
  for (const [name, message] of Object.entries(made)) {
    const allowed = new Set(client.get(name).good.flatMap((g) => Object.keys(g)));
    assert.deepEqual(
      Object.keys(message).filter((k) => !allowed.has(k)),
      [],
      name,
    );
  }
});
