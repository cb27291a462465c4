"""The UDP port, WebRTC peers, and what is overridden in aiortc."""
