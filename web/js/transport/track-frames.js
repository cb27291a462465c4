/**
 * From a received video track to frames that know their own RTP timestamp, newest wins. A browser whose frames have
 * none cannot show them: that is reported once, and none is given on.
 * - MediaStreamTrackProcessor (Chromium): each frame as it is decoded, with its timestamp, one waiting at most.
 * - else `new VideoFrame(video)`, whose metadata are those of its own pixels;
 * - only where there is no VideoFrame, a copy of the video with the callback's timestamp, which may be that of the
 *   frame before (0.5 to 3 % of the frames).
 */

/** @typedef {VideoFrame | ImageBitmap | (OffscreenCanvas & {close: () => void})} Image */
/** @typedef {{frame: (rtp: number, image: Image) => void, unstamped: () => void}} Take who takes a frame closes it */
/** @typedef {VideoFrame & {metadata?: () => {rtpTimestamp?: number}}} StampedFrame */
/** @typedef {{readable: ReadableStream<StampedFrame>}} Processor */
/** @typedef {new (init: {track: MediaStreamTrack, maxBufferSize: number}) => Processor} ProcessorClass */

/** This browser gives the frames of a received track, as far as can be known before it is tried. */
export const canReadFrames = () =>
  "MediaStreamTrackProcessor" in globalThis ||
  "requestVideoFrameCallback" in (globalThis.HTMLVideoElement?.prototype ?? {});

/** @param {MediaStreamTrack} track @param {Take} take @returns {() => void} ends it */
export function readFrames(track, take) {
  const { MediaStreamTrackProcessor: processor } = /** @type {{MediaStreamTrackProcessor?: ProcessorClass}} */ (
    globalThis
  );
  return processor ? readProcessor(new processor({ track, maxBufferSize: 1 }), take) : readVideo(track, take);
}

/** @param {StampedFrame} frame */
const rtpOf = (frame) => frame.metadata?.().rtpTimestamp;

/** @param {StampedFrame} frame @param {Take} take */
function give(frame, take) {
  const rtp = rtpOf(frame);
  if (rtp !== undefined) return take.frame(rtp, frame);
  frame.close();
  take.unstamped();
}

/** @param {Processor} processor @param {Take} take */
function readProcessor(processor, take) {
  const reader = processor.readable.getReader();
  const pump = async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) give(next.value, take);
  };
  pump().catch(() => {}); // the track has ended
  return () => void reader.cancel().catch(() => {});
}

/** @param {MediaStreamTrack} track @param {Take} take */
function readVideo(track, take) {
  const video = document.createElement("video");
  video.muted = video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  let ended = false;
  /** @type {VideoFrameRequestCallback} */
  const framed = (_now, metadata) => {
    if (ended) return;
    if (typeof VideoFrame !== "undefined") give(new VideoFrame(video), take);
    else if (metadata.rtpTimestamp !== undefined) take.frame(metadata.rtpTimestamp, copyOf(video));
    video.requestVideoFrameCallback(framed);
  };
  video.requestVideoFrameCallback(framed);
  video.play().catch(() => {}); // ended before it began
  return () => {
    ended = true;
    video.srcObject = null;
  };
}

/** @param {HTMLVideoElement} video @returns {ImageBitmap} */
function copyOf(video) {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext("2d", { alpha: false })?.drawImage(video, 0, 0);
  return canvas.transferToImageBitmap();
}
