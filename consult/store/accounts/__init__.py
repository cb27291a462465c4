"""The users of a server, where they are signed in, and which launch links were used.

Rules:
- A user has one name, folded (NFKC, lower case): two that people take for one are one.
- Of a password its hash is kept (PHC string of Argon2id), of a session's secret what the server's key makes of it: who
  reads the file has neither, and a new key file ends all sessions.
- All users of a server are hosts of it, and see all its consults: a department.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from msgspec import Struct

from consult.model.errors import Refused

Way = Literal["password", "provider", "launch", "token"]
"""How somebody has signed in: `provider`: by the site's OpenID provider; `token`: the server's, which is nobody's."""
USER_NAME = re.compile(r"[\w.@+-]{1,80}")
MAX_FULL_NAME = 80


class User(Struct, frozen=True):
    """Somebody who may host.

    Attributes:
        name: what they sign in with.
        full_name: as others read it.
        title: their role, as a note is signed with it ("Consultant radiologist"); "": none is known.
        subject: `ISSUER SUB` of who signs in by the OpenID provider (OpenID Connect Core 1.0, 5.7); "": nobody does.
        created_at: seconds since 1970.
        has_password: they may sign in with one.
    """

    name: str
    full_name: str
    title: str = ""
    subject: str = ""
    created_at: float = 0.0
    has_password: bool = False


class SignIn(Struct, frozen=True):
    """A browser that is signed in.

    Attributes:
        id: names it; not what opens it.
        user: name of the user; "": by the server's token.
        browser: as people call it ("Firefox, Linux").
        address: that it came from.
        began_at, used_at: seconds since 1970.
    """

    id: str
    user: str
    way: Way
    browser: str
    address: str
    began_at: float
    used_at: float


class SessionTimes(Struct, frozen=True):
    """When a session ends by itself, in seconds: after it was last used, and after it began."""

    idle_s: float
    max_s: float


def user_name(text: str) -> str:
    """A user's name as it is kept.

    Raises:
        Refused: "bad_user_name".
    """
    name = unicodedata.normalize("NFKC", text.strip()).casefold()
    if not USER_NAME.fullmatch(name):
        raise Refused(
            "bad_user_name", f"{text[:80]!r} is no user name: letters, digits and . _ - @ +, at most 80 of them."
        )
    return name
