"""What a study holds, for the host: its series, and where files of it differ in whose they are, the files. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from consult.dicom.per_image import Runs, runs
from consult.dicom.records import FileRecord, StackRecord
from consult.library.one_patient import differing_values
from consult.model.errors import Refused


class ObjectEntry(Struct, frozen=True):
    """One object of a series.

    Attributes:
        name: of the file that it came in.
        values: what it says of its patient, where objects of the study differ in that.
    """

    uid: str
    name: str
    values: dict[str, str]


class SeriesEntry(Struct, frozen=True):
    """One series of a study.

    Attributes:
        name: its description, else what it is.
        images: how many; 0 where it holds none.
        objects: those that say another patient than most of the study's; all where none is most.
    """

    uid: str
    number: int
    name: str
    modality: str
    images: int
    objects: tuple[ObjectEntry, ...] = ()


def contents(records: Sequence[FileRecord]) -> list[SeriesEntry]:
    """The series of a study, by number."""
    series: dict[str, list[FileRecord]] = {}
    for record in records:
        series.setdefault(record.series_uid, []).append(record)
    values = _odd(differing_values(records))
    entries = [
        SeriesEntry(
            uid=uid,
            number=found[0].series_number,
            name=next((r.series_description for r in found if r.series_description), found[0].unshown),
            modality=found[0].modality,
            images=sum(len(r.frames) for r in found),
            objects=tuple(
                ObjectEntry(r.sop_instance, r.file_name, values[r.sop_instance])
                for r in found
                if r.sop_instance in values
            ),
        )
        for uid, found in series.items()
    ]
    return sorted(entries, key=lambda entry: (entry.number, entry.uid))


def _odd(values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Without what most of them say, where one is most."""
    counts = Counter(tuple(row.items()) for row in values.values()).most_common(2)
    if len(counts) < 2 or counts[0][1] == counts[1][1]:
        return values
    return {uid: row for uid, row in values.items() if tuple(row.items()) != counts[0][0]}


def chosen(records: Sequence[FileRecord], series: str, instance: str) -> list[FileRecord]:
    """Those of a series, or the one of a SOP instance; all where neither is named.

    Raises:
        Refused: "unknown_study", "unknown_series", "unknown_object"; the sentence says what there is.
    """
    if not records:
        raise Refused("unknown_study", "There is no such study here.")
    found = [r for r in records if series in ("", r.series_uid) and instance in ("", r.sop_instance)]
    if not found and instance:
        raise Refused("unknown_object", f"This study has no object {instance}.")
    if not found:
        there = "; ".join(f"{e.uid} ({e.number} {e.modality} {e.name})".replace(" )", ")") for e in contents(records))
        raise Refused("unknown_series", f"This study has no series {series}. It has: {there}.")
    return found


def images_of(stack: StackRecord, files: set[str]) -> Runs:
    """(first, last) of each run of a stack's images that lie in these files."""
    return runs(image for image, frame in enumerate(stack.frames) if frame.file in files)


def joined(one: Runs, other: Runs) -> Runs:
    """The images of both."""
    return runs(sorted({image for first, last in (*one, *other) for image in range(first, last + 1)}))
