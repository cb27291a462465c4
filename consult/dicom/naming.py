"""Names that may travel where UIDs may not."""

from __future__ import annotations

import hashlib

KEY_LENGTH = 16


def short_key(*uids: str) -> str:
    """First hex digits of the SHA-256 of UIDs."""
    return hashlib.sha256("/".join(uids).encode()).hexdigest()[:KEY_LENGTH]
