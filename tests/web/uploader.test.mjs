/** Uploads through proxies that take no large bodies, over real HTTP: one says 413, one closes the connection. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { LIST_BYTES, lists, UploadQueue, FLOOR_PIECE_BYTES } from "../../web/js/home/upload-queue.js";

globalThis.addEventListener ??= () => {};
const { Uploader } = await import("../../web/js/home/uploader.js");
const realFetch = globalThis.fetch;
const MB = 1_000_000;

/** A server that keeps what it gets, behind a proxy. @param {"413" | "close"} how it refuses @param {number} limit */
async function serve(how, limit, sizes) {
  const here = sizes.map(() => 0);
  const lengths = [];
  const server = createServer((request, response) => {
    if (request.method === "GET") return response.end(JSON.stringify({ offsets: here, files: [] }));
    const number = Number(request.url.split("/").at(-1));
    const offset = Number(request.headers["upload-offset"]);
    let bytes = 0;
    request.on("data", (piece) => {
      bytes += piece.length;
      if (bytes > limit && how === "close") request.socket.destroy();
    });
    request.on("error", () => {});
    request.on("end", () => {
      lengths.push(bytes);
      if (bytes > limit) return response.writeHead(413).end("<html>413 Request Entity Too Large</html>");
      if (offset === here[number]) here[number] += bytes;
      response.writeHead(204, { "Upload-Offset": String(here[number]) }).end();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const base = `http://127.0.0.1:${server.address().port}`;
  globalThis.fetch = (path, options) => realFetch(new URL(path, `${base}/`), options);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { here, lengths };
}

/** @param {number[]} sizes */
async function upload(sizes) {
  const files = sizes.map((size, i) => ({ name: `${i}.dcm`, size, file: new Blob([new Uint8Array(size)]) }));
  const uploader = new Uploader(
    "u",
    files,
    sizes.map(() => 0),
    () => {},
  );
  await uploader.done;
  return uploader;
}

for (const how of /** @type {const} */ (["413", "close"])) {
  for (const limit of [MB, 100_000]) {
    test(`a proxy that takes ${limit} bytes and else answers "${how}": pieces shrink, all arrives`, async () => {
      const sizes = [5 * MB, 300_000, 3 * MB];
      const { here, lengths } = await serve(how, limit, sizes);
      const uploader = await upload(sizes);
      assert.equal(uploader.phase, "sent");
      assert.deepEqual(here, sizes);
      assert.ok(uploader.queue.pieceBytes <= limit && uploader.queue.most <= limit, "and stay short");
      assert.ok(lengths.filter((bytes) => bytes > limit).length < 20, "little is sent in vain");
    });
  }
}

test("halving ends where pieces are not worth their headers, and says so", () => {
  const queue = new UploadQueue([10 * MB]);
  let length = queue.pieceBytes;
  while (queue.tooLarge(length)) length = queue.pieceBytes;
  assert.equal(queue.pieceBytes, FLOOR_PIECE_BYTES);
  queue.tune(queue.pieceBytes, 1);
  assert.equal(queue.pieceBytes, FLOOR_PIECE_BYTES, "a fast network does not make them longer again");
});

test("a long list of files goes as several, the same ones whatever the order", () => {
  const file = (i) => ({ name: `CD/Käthe/${String(i).padStart(5, "0")}.dcm`, size: i });
  const files = Array.from({ length: 20_000 }, (_, i) => file(i));
  const made = lists(files);
  assert.ok(made.length > 1);
  assert.deepEqual(made.flat(), files);
  for (const part of made) assert.ok(Buffer.byteLength(JSON.stringify(part)) <= LIST_BYTES + 2);
  assert.deepEqual(lists([...files].reverse()), made);
  assert.deepEqual(lists(files.slice(0, 9).reverse()), [files.slice(0, 9).reverse()], "usually one, as it comes");
});
