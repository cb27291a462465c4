"""Decisions of a board as a FHIR R4B bundle: for each case a Patient, a ClinicalImpression and, where it was decided, a
CarePlan (https://hl7.org/fhir/R4B). Pure.

Rules of this file:
- A case that was put off has a ClinicalImpression alone, in progress, with why.
- Dissent is a note of the CarePlan and of the ClinicalImpression, each with its author and time.
- A decision that was made anew is the one that holds: of earlier ones nothing but their number is said.
- Patients are named by the identifier of the hospital; where it is unknown, by name and birth date alone.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from consult.documents.minutes.contents import CaseMinutes, Decided, Minutes

Resource = dict[str, Any]
NAMESPACE = uuid.UUID("6d1b4f0e-6a3b-4c5e-9a53-0b6a1f3f7c11")
"""Of the ids of these resources: the same board has the same ids each time."""
SEXES = {"F": "female", "M": "male", "O": "other"}
SYSTEM = "urn:consult:"


def fhir_bundle(minutes: Minutes) -> Resource:
    """A bundle of kind "collection", with the resources of every case that was decided or put off."""
    entries: list[Resource] = []
    for case in minutes.cases:
        if case.decided:
            entries += _entries(minutes, case)
    return {
        "resourceType": "Bundle",
        "id": _id(minutes, "bundle"),
        "type": "collection",
        "timestamp": _instant(minutes.made_at, minutes.utc_offset_min),
        "identifier": {"system": f"{SYSTEM}board", "value": minutes.consult},
        "entry": [{"fullUrl": f"urn:uuid:{entry['id']}", "resource": entry} for entry in entries],
    }


def _entries(minutes: Minutes, case: CaseMinutes) -> list[Resource]:
    patient = _patient(minutes, case)
    impression = _impression(minutes, case, patient)
    found = [patient, impression]
    if not case.is_put_off:
        found.append(_care_plan(minutes, case, patient, impression))
    return found


def _patient(minutes: Minutes, case: CaseMinutes) -> Resource:
    person = case.patient
    family, _, given = person.name.partition("^")
    name = {"text": person.name.replace("^", " ").strip() or "unknown"}
    if family and given:
        name |= {"family": family, "given": [part for part in given.split("^") if part]}  # type: ignore[dict-item]
    resource: Resource = {"resourceType": "Patient", "id": _id(minutes, f"{case.id}/patient"), "name": [name]}
    if person.id and not person.hidden:
        system = {"assigner": {"display": person.issuer}} if person.issuer else {}
        resource["identifier"] = [{"value": person.id, **system}]
    if person.birth_date:
        resource["birthDate"] = person.birth_date
    if person.sex in SEXES:
        resource["gender"] = SEXES[person.sex]
    return resource


def _impression(minutes: Minutes, case: CaseMinutes, patient: Resource) -> Resource:
    last = case.decided[-1]
    decision = last.decision
    resource: Resource = {
        "resourceType": "ClinicalImpression",
        "id": _id(minutes, f"{decision.id}/impression"),
        "identifier": [_identifier(minutes, decision.id)],
        "status": "in-progress" if case.is_put_off else "completed",
        "subject": _reference(patient),
        "date": _instant(decision.at, decision.utc_offset_min),
        "assessor": {"display": decision.by_name},
        "summary": decision.words.text,
    }
    if case.question:
        resource["description"] = case.question
    if decision.words.stage:
        resource["finding"] = [{"itemCodeableConcept": {"text": f"Stage {decision.words.stage}"}}]
    return resource | _notes(last)


def _care_plan(minutes: Minutes, case: CaseMinutes, patient: Resource, impression: Resource) -> Resource:
    last = case.decided[-1]
    decision, words = last.decision, last.decision.words
    detail: Resource = {"status": "not-started", "description": words.text}
    if words.due:
        detail["scheduledPeriod"] = {"end": words.due}
    if words.owner:
        detail["performer"] = [{"display": words.owner}]
    return {
        "resourceType": "CarePlan",
        "id": _id(minutes, f"{decision.id}/plan"),
        "identifier": [_identifier(minutes, decision.id)],
        "status": "active",
        "intent": "plan",
        "title": minutes.title or "Tumor board",
        "description": words.text,
        "subject": _reference(patient),
        "created": _instant(decision.at, decision.utc_offset_min),
        "author": {"display": decision.by_name},
        "contributor": [
            {"display": f"{one.name} ({one.specialty})" if one.specialty else one.name}
            for one in minutes.roll
            if one.present
        ],
        "supportingInfo": [_reference(impression)],
        "activity": [{"detail": detail}],
        **_notes(last),
    }


def _notes(decided: Decided) -> Resource:
    zone = decided.decision.utc_offset_min
    found = [
        {"authorString": one.name, "time": _instant(one.at, zone), "text": f"Dissent: {one.reason}"}
        for one in decided.dissents
    ]
    return {"note": found} if found else {}


def _identifier(minutes: Minutes, decision: str) -> Resource:
    return {"system": f"{SYSTEM}decision", "value": f"{minutes.consult}/{decision}"}


def _reference(resource: Resource) -> Resource:
    return {"reference": f"urn:uuid:{resource['id']}", "type": resource["resourceType"]}


def _id(minutes: Minutes, what: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{minutes.consult}/{what}"))


def _instant(at: float, utc_offset_min: int) -> str:
    zone = timezone(timedelta(minutes=utc_offset_min))
    return datetime.fromtimestamp(at, UTC).astimezone(zone).isoformat(timespec="seconds")
