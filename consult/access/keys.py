"""Secrets of links, seats and the host API, all derived from one key file.

Nothing that opens a door is stored in the database, and a link can be shown again, also after a restart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from consult.model.identifiers import ConsultId, InvitationId, SeatId

KEY_BYTES = 32
USER_SEAT = "u-"
"""What the id of a user's seat begins with; of others nearly none does."""
PIN_DIGITS = 6


class Keys:
    """Derives secrets by HMAC-SHA256 (256 bits) and compares them in constant time."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def load(cls, data: Path) -> Keys:
        """The key of a data directory; made on first use, readable by its owner alone."""
        path = data / "key"
        try:
            return cls(path.read_bytes())
        except FileNotFoundError:
            pass
        partial = data / f".key-{secrets.token_hex(8)}"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)  # atomic, and never over a key that another process has just made
        except FileExistsError:
            pass
        finally:
            partial.unlink()
        return cls(path.read_bytes())

    def invitation_secret(self, consult: ConsultId, invitation: InvitationId) -> str:
        """What stands behind the `#` of a link."""
        return self._derive(f"invitation/{consult}/{invitation}")

    def seat_secret(self, consult: ConsultId, seat: SeatId) -> str:
        """What the cookie of a seat holds."""
        return self._derive(f"seat/{consult}/{seat}")

    def code_proof(self, digits: str) -> str:
        """What is stored of the digits of a spoken code."""
        return self._derive(f"spoken-code/{digits}")

    def invitation_pin(self, consult: ConsultId, invitation: InvitationId) -> str:
        """Six digits that a link may ask for besides its secret."""
        digest = hmac.new(self._key, f"pin/{consult}/{invitation}".encode(), hashlib.sha256).digest()
        return f"{int.from_bytes(digest) % 10**PIN_DIGITS:0{PIN_DIGITS}}"

    def host_token(self) -> str:
        """Bearer token of the host API."""
        return self._derive("host-token")

    def session_proof(self, secret: str) -> str:
        """What is kept of the secret of a host's session."""
        return self._derive(f"session/{secret}")

    def device_proof(self, user: str, device: str) -> str:
        """Proves that a user has signed in by a browser before."""
        return self._derive(f"device/{user}/{device}")

    def provider_proof(self, payload: str) -> str:
        """Proves that this server has sent a browser to the OpenID provider, with that payload."""
        return self._derive(f"provider/{payload}")

    def user_seat(self, consult: ConsultId, user: str, number: int) -> SeatId:
        """The seat of a user in a consult; `number` 0 is the first, further ones are where that one was closed."""
        return SeatId(USER_SEAT + self._derive(f"user-seat/{consult}/{user}/{number}")[:12])

    def hop(self, passport: str) -> str:
        """Proves that a node with the same key passes a request on."""
        return self._derive(f"hop/{passport}")

    def proof(self) -> str:
        """Shows that another has the same key, and nothing else of it."""
        return self._derive("store")

    def _derive(self, purpose: str) -> str:
        digest = hmac.new(self._key, purpose.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def same_secret(given: str, right: str) -> bool:
    """Constant-time comparison."""
    return hmac.compare_digest(given.encode(), right.encode())
