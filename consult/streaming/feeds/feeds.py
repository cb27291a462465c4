"""Which pages of a consult are sent stills by a picture socket; of each page the newest socket counts."""

from __future__ import annotations

from collections.abc import Sequence

from consult.model.identifiers import ConnectionId
from consult.model.stamp import Stamp
from consult.streaming.feeds.feed import Feed


class Feeds:
    """By connection."""

    def __init__(self) -> None:
        self._feeds: dict[ConnectionId, Feed] = {}
        self._shown: dict[ConnectionId, tuple[tuple[str, ...], int]] = {}

    def wants(self, connection: ConnectionId) -> bool:
        """Whether that page is sent stills."""
        return connection in self._feeds

    def open(self, connection: ConnectionId, feed: Feed) -> None:
        """That page is sent stills from now on, its newest picture first; its older socket ends."""
        before = self._feeds.pop(connection, None)
        if before is not None:
            before.end()
        self._feeds[connection] = feed
        feed.show(*self._shown.get(connection, ((), 0)))

    def close(self, connection: ConnectionId, feed: Feed) -> None:
        """Its socket is gone."""
        feed.end()
        if self._feeds.get(connection) is feed:
            del self._feeds[connection]

    def show(self, connection: ConnectionId, stamp: Stamp) -> None:
        """This is that page's newest picture."""
        digests = tuple(viewport.digest for viewport in stamp.viewports)
        self._shown[connection] = digests, stamp.case
        if (feed := self._feeds.get(connection)) is not None:
            feed.show(digests, stamp.case)

    def expect(self, connection: ConnectionId, digests: Sequence[str]) -> None:
        """These probably come next there."""
        if (feed := self._feeds.get(connection)) is not None:
            feed.expect(digests)

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self._shown.pop(connection, None)
        if (feed := self._feeds.pop(connection, None)) is not None:
            feed.end()
