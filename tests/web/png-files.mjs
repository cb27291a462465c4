/** PNG files of a few pixels. */
import { deflateSync } from "node:zlib";

function chunk(kind, data) {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(kind, 4, "latin1");
  Buffer.from(data).copy(out, 8);
  return out;
}

/** A PNG of these filtered rows, its data in two parts. */
export function png(rows, { colour = 0, depth = 8, interlaced = 0, width = 7, height = 5 } = {}) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced], 8);
  const data = deflateSync(Buffer.from(rows));
  const whole = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", data.subarray(0, 9)),
    chunk("IDAT", data.subarray(9)),
    chunk("IEND", []),
  ]);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length);
}
