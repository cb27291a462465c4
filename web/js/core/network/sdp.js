/** What the page reads from and of session descriptions (RFC 8866), and whether a browser takes H.264 by WebRTC. */

/**
 * Whether the browser receives H.264 by RTP in the packing that the server sends (RFC 6184 6.3).
 * @param {{codecs: {mimeType: string, sdpFmtpLine?: string}[]} | null | undefined} capabilities of its video receivers
 */
export const takesH264 = (capabilities) =>
  !!capabilities?.codecs.some(
    ({ mimeType, sdpFmtpLine = "" }) =>
      mimeType.toLowerCase() === "video/h264" && /packetization-mode=1/.test(sdpFmtpLine),
  );

/**
 * Where the server takes media: the first candidate of its offer (RFC 8839 5.1).
 * @param {string} sdp @returns {{address: string, port: number} | null}
 */
export function mediaAddress(sdp) {
  const found = /^a=candidate:\S+ \d+ udp \d+ (\S+) (\d+) /im.exec(sdp);
  return found?.[1] && found[2] ? { address: found[1], port: Number(found[2]) } : null;
}
