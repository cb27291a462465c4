import assert from "node:assert/strict";
import { test } from "node:test";
import { mediaAddress, takesH264 } from "../../web/js/core/network/sdp.js";

test("H.264 in the packing that is sent, or none", () => {
  const codec = (mimeType, sdpFmtpLine) => ({ codecs: [{ mimeType: "video/VP8" }, { mimeType, sdpFmtpLine }] });
  assert.equal(
    takesH264(codec("video/H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f")),
    true,
  );
  assert.equal(takesH264(codec("video/H264", "packetization-mode=0;profile-level-id=42e01f")), false);
  assert.equal(takesH264(codec("video/AV1", "packetization-mode=1")), false);
  assert.equal(takesH264({ codecs: [] }), false);
  assert.equal(takesH264(null), false);
});

test("where the server takes media", () => {
  const offer =
    "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 97\r\n" +
    "a=candidate:3f7 1 udp 2130706431 192.0.2.7 40000 typ host\r\na=end-of-candidates\r\n";
  assert.deepEqual(mediaAddress(offer), { address: "192.0.2.7", port: 40000 });
  assert.equal(mediaAddress("v=0\r\n"), null);
});
