/** What travels over the media WebSocket: the mirror of consult/media/video/framing.py. */

const [FRAME, PING] = [1, 2];
const [ACKNOWLEDGEMENT, PONG, KEYFRAME] = [1, 2, 3];
const KEY_FLAG = 1;
const HEADER_BYTES = 10;
const NUMBERED_BYTES = 5;

/**
 * @typedef {{kind: "frame", key: boolean, number: number, rtp: number, data: Uint8Array<ArrayBuffer>}} Frame
 * @typedef {{kind: "ping", number: number}} Ping
 */

/** @param {ArrayBuffer} message @returns {Frame | Ping | null} null: no message of the media socket */
export function readMedia(message) {
  const view = new DataView(message);
  if (view.byteLength > HEADER_BYTES && view.getUint8(0) === FRAME) {
    return {
      kind: "frame",
      key: (view.getUint8(1) & KEY_FLAG) !== 0,
      number: view.getUint32(2),
      rtp: view.getUint32(6),
      data: new Uint8Array(message, HEADER_BYTES),
    };
  }
  if (view.byteLength === NUMBERED_BYTES && view.getUint8(0) === PING)
    return { kind: "ping", number: view.getUint32(1) };
  return null;
}

/** @param {number} kind @param {number} number */
function numbered(kind, number) {
  const view = new DataView(new ArrayBuffer(NUMBERED_BYTES));
  view.setUint8(0, kind);
  view.setUint32(1, number);
  return view.buffer;
}

/** The newest frame that is decoded; all before it are too. @param {number} number */
export const acknowledgement = (number) => numbered(ACKNOWLEDGEMENT, number);
/** @param {number} number */
export const pong = (number) => numbered(PONG, number);
/** The decoder is out of step. */
export const keyframeWanted = () => new Uint8Array([KEYFRAME]).buffer;
