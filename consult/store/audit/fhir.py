"""Rows of the audit trail as FHIR R4B AuditEvent resources (http://hl7.org/fhir/R4B/auditevent.html).

By hand: a dozen fields of one resource, of which a library would bring hundreds. Ids of seats are no names; names of
users are those that they sign in with.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from consult.store.audit import AuditRow, Kind

DICOM = "http://dicom.nema.org/resources/ontology/DCM"
ACTIONS: dict[Kind, str] = {
    "join": "E", "leave": "E", "admit": "E", "deny": "E", "refusal": "E", "view_case": "R", "sign": "C", "open": "R",
    "read": "R", "export": "R", "import": "C", "critical": "U", "end": "E", "delete": "D", "sign_in": "E",
    "sign_out": "E", "seat": "E", "act": "E", "account": "U",
}  # fmt: skip
"""AuditEvent.action: create, read, update, delete, execute."""
TYPES: dict[Kind, tuple[str, str]] = {
    "join": ("110114", "User Authentication"),
    "leave": ("110114", "User Authentication"),
    "admit": ("110114", "User Authentication"),
    "deny": ("110114", "User Authentication"),
    "refusal": ("110113", "Security Alert"),
    "view_case": ("110103", "DICOM Instances Accessed"),
    "sign": ("110110", "Patient Record"),
    "open": ("110110", "Patient Record"),
    "read": ("110110", "Patient Record"),
    "export": ("110106", "Export"),
    "import": ("110107", "Import"),
    "critical": ("110110", "Patient Record"),
    "end": ("110100", "Application Activity"),
    "delete": ("110105", "DICOM Study Deleted"),
    "sign_in": ("110114", "User Authentication"),
    "sign_out": ("110114", "User Authentication"),
    "seat": ("110114", "User Authentication"),
    "act": ("110100", "Application Activity"),
    "account": ("110113", "Security Alert"),
}
"""PS3.16 CID 400."""


def audit_event(row: AuditRow) -> dict[str, Any]:
    """A row as an AuditEvent."""
    record = row.record
    code, display = TYPES[record.kind]
    agent: dict[str, Any] = {"requestor": True, "who": {"identifier": {"value": record.who or "server"}}}
    if record.user:
        agent["altId"] = record.user
    if record.role:
        agent["role"] = [{"text": record.role}]
    entities = [("consult", record.consult), (record.kind, record.what)]
    return {
        "resourceType": "AuditEvent",
        "id": f"consult-{row.n}",
        "type": {"system": DICOM, "code": code, "display": display},
        "subtype": [{"system": "urn:consult:audit", "code": record.kind}],
        "action": ACTIONS[record.kind],
        "recorded": datetime.fromtimestamp(record.at, UTC).isoformat(timespec="milliseconds"),
        "outcome": "0" if record.outcome == "success" else "4",
        "agent": [agent],
        "source": {"observer": {"display": "consult"}},
        "entity": [
            *({"what": {"identifier": {"value": value}}, "name": name} for name, value in entities if value),
            {"name": "hash", "detail": [{"type": "sha256", "valueString": row.hash}]},
        ],
    }


def bundle(rows: Iterable[AuditRow]) -> dict[str, Any]:
    """Rows as a Bundle of type collection."""
    return {
        "resourceType": "Bundle", "type": "collection", "entry": [{"resource": audit_event(row)} for row in rows]
    }  # fmt: skip
