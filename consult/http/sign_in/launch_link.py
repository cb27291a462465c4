"""A launch link: what an EHR or a PACS opens to bring its user into a consult of one study. Pure.

`/launch?user=NAME&StudyInstanceUID=UID&nonce=RANDOM&signature=t=SECONDS,v1=HEX`

Rules of this file:
- What is signed is `SECONDS.QUERY`, the query as it stands before `&signature=`, by HMAC-SHA256 with the site's secret:
  the form of `X-Consult-Signature` of a notice.
- It is valid for LAUNCH_S from the time at which it was signed, and once. The nonce makes two links of one second two.
- A study is named by StudyInstanceUID or by AccessionNumber; with PatientID too it must be that patient's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode

from consult.access.keys import same_secret
from consult.model.errors import Refused
from consult.notices.notice import signature
from consult.store.accounts import user_name

PATH = "/launch"
LAUNCH_S = 300
AHEAD_S = 60
"""How far the clock of the system that signs may be ahead of ours."""
MAX_QUERY = 2000
SIGNED = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
NAMES = ("user", "StudyInstanceUID", "AccessionNumber", "PatientID", "nonce")


@dataclass(frozen=True)
class Launch:
    """Whom a link brings to which study.

    Attributes:
        user: name of the user.
        study_uid, accession_number: one of both; the other is "".
        patient_id: of that study; "": not said.
        signature: names the link: it is used once.
        until: until when it is valid, seconds since 1970.
    """

    user: str
    study_uid: str
    accession_number: str
    patient_id: str
    signature: str
    until: float


def launch_path(secret: str, seconds: int, **values: str) -> str:
    """Path and query of a link, signed at that time; `values`: of `NAMES`, empty ones are left out."""
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{PATH}?{query}&signature={signature(secret, seconds, query.encode())}"


def read_launch(query: str, secret: str, now: float) -> Launch:
    """What a link says, whose signature is right and not too old.

    Raises:
        Refused: "wrong_launch", "launch_expired"; "bad_launch": it is signed, but not as it should be.
    """
    signed, _, given = query.rpartition("&signature=")
    found = SIGNED.fullmatch(unquote(given))
    if not secret:
        raise Refused("wrong_launch", "This server takes no launch links: it has no secret for them.")
    if found is None or len(query) > MAX_QUERY or not _is_right(found, signed, secret):
        raise Refused(
            "wrong_launch",
            "This launch link is not whole, or not signed with this site's secret. Open the study there once more.",
        )
    at = int(found[1])
    if now - at > LAUNCH_S:
        raise Refused(
            "launch_expired",
            "This launch link has expired: it is valid for 5 minutes. Open the study there once more.",
        )
    if at - now > AHEAD_S:
        raise Refused(
            "launch_expired",
            "This launch link was signed in the future: the clock of the system that you come from is wrong.",
        )
    values = _values(signed)
    return Launch(
        user_name(values.get("user", "")),
        values.get("StudyInstanceUID", ""),
        values.get("AccessionNumber", ""),
        values.get("PatientID", ""),
        found[2],
        float(at + LAUNCH_S + AHEAD_S),
    )


def _is_right(found: re.Match[str], signed: str, secret: str) -> bool:
    return same_secret(signature(secret, int(found[1]), signed.encode()), found[0])


def _values(query: str) -> dict[str, str]:
    """The parameters, each once. Raises Refused: "bad_launch"."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=len(NAMES))
    except ValueError:
        pairs = [("", "")]
    values = dict(pairs)
    unknown = next((name for name in values if name not in NAMES), None)
    if unknown is not None or len(values) < len(pairs):
        raise Refused("bad_launch", f"A launch link has each of these once at most: {', '.join(NAMES)}.")
    if bool(values.get("StudyInstanceUID")) == bool(values.get("AccessionNumber")):
        raise Refused("bad_launch", "A launch link names a study either by StudyInstanceUID or by AccessionNumber.")
    if not values.get("user"):
        raise Refused("bad_launch", "A launch link names its user.")
    return values
