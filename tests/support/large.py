"""A consult with as much in it as one may hold: 51 cases of 605 images, and marks, chat and seats at their limits."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.catalogue import Case, ImageValues, Patient
from consult.model.geometry import Vec
from consult.model.identifiers import InvitationId, SeatId
from consult.model.mark import KeyImage, Mark
from consult.sessions.events import Entry
from consult.sessions.features.chat.events import ChatMessage, ChatPosted
from consult.sessions.features.limits import MAX_CHAT_MESSAGES, MAX_KEY_IMAGES, MAX_MARKS
from consult.sessions.features.marks.events import KeyImagePut, MarkPut
from consult.sessions.features.seats.events import Seat, SeatPut
from consult.sessions.views import initial_view
from tests.support.cases import case, series

CASES, IMAGES, SEATS = 51, 605, 50
WIDE = "\U0001fac1"
"""A character of four bytes."""
FAR: tuple[Vec, ...] = ((-12345.678901234567, -12345.678901234567, -12345.678901234567),) * 3


def patient_of(number: int) -> Patient:
    """Of a case, from 1."""
    return Patient(f"PATIENT{number:02}^SECRET", f"ID-{number:02}", "1961-03-14", "F", "HOSPITAL")


def large_cases() -> tuple[Case, ...]:
    """Each with a series of 605 images, of which the files say much one by one, and three small ones."""
    return tuple(_case(number) for number in range(1, CASES + 1))


def _case(number: int) -> Case:
    large = series(f"large-{number}", images=IMAGES)
    values = ImageValues(
        instance_number=tuple(range(1, IMAGES + 1)),
        acquired=tuple(f"09:12:{n % 60:02}" for n in range(IMAGES)),
        slice_location_mm=tuple(-893.125 + 3.0 * n for n in range(IMAGES)),
    )
    others = tuple(series(f"small-{number}-{n}", images=4) for n in range(3))
    made = case(f"c{number}", ())
    return replace(made, patient=patient_of(number), series=(replace(large, values=values), *others))


def filling(first: int, cases: tuple[Case, ...]) -> list[Entry]:
    """Entries from `first` that fill a consult of these cases; the marks are all of the first one."""
    events = [*_seats(), *_marks(cases[0]), *_images(cases[0]), *_chat(cases)]
    return [Entry(first + n, 1.0, event, "seat-1") for n, event in enumerate(events)]


def _seats() -> list[SeatPut]:
    names = [SeatPut(Seat(SeatId(f"seat-{n}"), WIDE * 80, "participant", n, InvitationId("i"))) for n in range(SEATS)]
    return names[2:]


def _marks(of: Case) -> list[MarkPut]:
    return [
        MarkPut(
            Mark(
                id=f"{n}".rjust(48, "x"), kind="angle", series=of.series[0].key, image=n % IMAGES, points=FAR,
                label=WIDE * 120, case=of.id, author=SeatId("seat-1"), frame_of_reference="f" * 64,
            )
        )
        for n in range(MAX_MARKS)
    ]  # fmt: skip


def _images(of: Case) -> list[KeyImagePut]:
    viewport = initial_view(of).viewports[0]
    ids = (f"{n}".rjust(60, "x") for n in range(MAX_KEY_IMAGES))
    return [KeyImagePut(KeyImage(id=i, case=of.id, viewport=viewport, author=SeatId("seat-1"))) for i in ids]


def _chat(cases: tuple[Case, ...]) -> list[ChatPosted]:
    return [
        ChatPosted(ChatMessage(f"m-{n}", SeatId("seat-1"), WIDE * 500, 1.0, of.id, initial_view(of)))
        for n in range(MAX_CHAT_MESSAGES)
        for of in (cases[n % CASES],)
    ]
