"""RTP: payloads, headers, the clock, retransmission, voice."""
