/**
 * Whether voice would come through, before joining: ICE alone (RFC 8445), to a point of the server that answers checks
 * and nothing else (consult/media/webrtc/check_point.py). Nothing is captured, nothing is sent but checks.
 */
/** @import {CheckPoint} from "./join-api.js" */

/** As long as the viewer itself waits for WebRTC. */
const PATIENCE_MS = 3000;
const NO_CERTIFICATE = Array.from({ length: 32 }, () => "00").join(":");

/** What a lite agent at that point would offer. @param {CheckPoint} point */
const offerOf = ({ address, port, fragment, password }) =>
  [
    "v=0",
    "o=- 1 1 IN IP4 0.0.0.0",
    "s=-",
    "t=0 0",
    "a=ice-lite",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    "a=mid:0",
    `a=ice-ufrag:${fragment}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${NO_CERTIFICATE}`,
    "a=setup:actpass",
    "a=sctp-port:5000",
    `a=candidate:1 1 udp 2130706431 ${address} ${port} typ host`,
    "a=end-of-candidates",
    "",
  ].join("\r\n");

/** @param {CheckPoint} point @returns {Promise<"" | "unable" | "blocked">} "": it comes through */
export async function checkVoice(point) {
  if (typeof RTCPeerConnection === "undefined") return "unable";
  const peer = new RTCPeerConnection({ iceServers: [] });
  try {
    await peer.setRemoteDescription({ type: "offer", sdp: offerOf(point) });
    await peer.setLocalDescription();
    return (await connects(peer)) ? "" : "blocked";
  } catch (error) {
    console.warn("Whether voice comes through could not be tried.", error);
    return "";
  } finally {
    peer.close();
  }
}

/** @param {RTCPeerConnection} peer @returns {Promise<boolean>} */
const connects = (peer) =>
  new Promise((resolve) => {
    setTimeout(() => resolve(false), PATIENCE_MS);
    const look = () => {
      const { iceConnectionState: state } = peer;
      if (state === "connected" || state === "completed") resolve(true);
      if (state === "failed") resolve(false);
    };
    peer.addEventListener("iceconnectionstatechange", look);
    look();
  });
