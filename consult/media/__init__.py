"""Video, RTP, pacing and WebRTC. PyAV, aioice and aiortc stop here."""
