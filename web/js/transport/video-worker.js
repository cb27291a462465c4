/**
 * The media WebSocket and the decoder, off the page's own thread.
 * In: {open: url} | {close: true} | {ready: true} (the page takes another frame). Out: see `WorkerMessage`.
 * Rules:
 * - A frame is acknowledged once it is decoded: a slow decoder is a slow link.
 * - The page gets one frame at a time; while it paints, only the newest waits. What is not painted is closed.
 * - No delta before a keyframe, at the beginning and after each error.
 */
/**
 * @typedef {{type: "unsupported" | "closed"} | {type: "frame", image: VideoFrame, rtp: number}} WorkerMessage
 * @typedef {{open: string} | {close: true} | {ready: true}} Order
 */
import { acknowledgement, keyframeWanted, pong, readMedia } from "../core/pictures/media-frames.js";

/** Constrained baseline, level 4.0 (RFC 6381); Annex B, as there is no description. */
const CONFIG = /** @type {const} */ ({ codec: "avc1.42e028", optimizeForLatency: true });
const CLOSED = 1000;

/** @type {WebSocket | null} */
let socket = null;
/** @type {VideoDecoder | null} */
let decoder = null;
let keyNeeded = true;
/** Of the frames in the decoder, by timestamp. @type {Map<number, number>} */
const numbers = new Map();
/** @type {VideoFrame | null} */
let newest = null;
let pageReady = true;

self.onmessage = (/** @type {MessageEvent<Order>} */ { data }) => {
  if ("open" in data) void open(data.open);
  else if ("close" in data) end();
  else {
    pageReady = true;
    handOver();
  }
};

/** @param {WorkerMessage} message @param {Transferable[]} [transfer] */
const post = (message, transfer = []) => self.postMessage(message, { transfer });

async function canDecode() {
  if (typeof VideoDecoder === "undefined") return false;
  try {
    return (await VideoDecoder.isConfigSupported(CONFIG)).supported === true;
  } catch {
    return false;
  }
}

/** @param {string} url */
async function open(url) {
  end();
  if (!(await canDecode())) return post({ type: "unsupported" });
  const mine = new WebSocket(url);
  socket = mine;
  mine.binaryType = "arraybuffer";
  mine.onmessage = ({ data }) => socket === mine && data instanceof ArrayBuffer && received(data);
  mine.onclose = () => {
    if (socket !== mine) return;
    end();
    post({ type: "closed" });
  };
}

function end() {
  const was = socket;
  socket = null;
  was?.close(CLOSED);
  dropDecoder();
  newest?.close();
  newest = null;
}

function dropDecoder() {
  if (decoder && decoder.state !== "closed") decoder.close();
  decoder = null;
  keyNeeded = true;
  numbers.clear();
}

/** @param {ArrayBuffer} message */
function received(message) {
  const media = readMedia(message);
  if (media?.kind === "ping") return send(pong(media.number));
  if (!media) return;
  if (keyNeeded && !media.key) return send(keyframeWanted());
  try {
    decoder ??= makeDecoder();
    numbers.set(media.rtp, media.number);
    decoder.decode(
      new EncodedVideoChunk({ type: media.key ? "key" : "delta", timestamp: media.rtp, data: media.data }),
    );
    keyNeeded = false;
  } catch {
    lost();
  }
}

function makeDecoder() {
  const made = new VideoDecoder({
    output: (image) => (decoder === made ? decoded(image) : image.close()),
    error: () => decoder === made && lost(),
  });
  made.configure(CONFIG);
  return made;
}

/** The decoder is of no use any more: begin anew at a keyframe. */
function lost() {
  dropDecoder();
  send(keyframeWanted());
}

/** @param {VideoFrame} image */
function decoded(image) {
  const number = numbers.get(image.timestamp);
  numbers.delete(image.timestamp);
  if (number !== undefined) send(acknowledgement(number));
  newest?.close();
  newest = image;
  handOver();
}

function handOver() {
  if (!newest || !pageReady) return;
  const image = newest;
  newest = null;
  pageReady = false;
  post({ type: "frame", image, rtp: image.timestamp }, [image]);
}

/** @param {ArrayBuffer} message */
function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(message);
}
