"""The control and the media WebSocket."""
