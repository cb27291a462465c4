"""Pages, the host API, joining by link, the WebSocket pump. The web framework stops at the door of this room."""
