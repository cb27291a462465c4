"""Pages, the host API, joining by link, the sockets below a seat.

The web framework stops at the door of this package.
"""
