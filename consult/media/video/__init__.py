"""Rasters, planes, the H.264 encoder, shared streams, PNG, framing of the media WebSocket."""
