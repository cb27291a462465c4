"""The demo's board: four cases of made patients, prepared as somebody would have: questions, texts, minutes, views."""

from __future__ import annotations

from collections.abc import Sequence

from consult.demo.author import Author
from consult.demo.record import AUTHOR, close_view, dropped_onto, lung_series, nearest_place
from consult.demo.studies import CURRENT, PRIOR, truth
from consult.model.catalogue import Case
from consult.model.identifiers import ConsultId
from consult.runtime.registry import Registry
from consult.sessions.features.board.commands import KeptView, Prepare, SetBoard
from consult.sessions.features.board.events import Text

TITLE = "Thoracic tumor board"
SPECIALTIES = ("Radiology", "Pathology", "Thoracic surgery", "Oncology", "Radiotherapy")
TEXTS: tuple[dict[Text, str], ...] = (
    {
        "question": "DEMO. Surgery first, or chemotherapy first? Is 4R involved?",
        "history": "DEMO. Ex-smoker, 30 pack years. ECOG 1. FEV1 78 %. Nodule found in May, now growing.",
        "pathology": "DEMO. CT-guided biopsy 18 Nov: adenocarcinoma, TTF-1 positive, PD-L1 40 %.",
    },
    {
        "question": "DEMO. Is the lesion of the liver resectable?",
        "history": "DEMO. Colon cancer 2024, resected. CEA rising since September.",
    },
    {
        "question": "DEMO. Follow the nodule, or take it out?",
        "history": "DEMO. Found by chance, no symptoms.",
    },
    {
        "question": "DEMO. Stage and first treatment?",
        "history": "DEMO. Cough for three months, 25 pack years.",
        "pathology": "DEMO. EBUS of 4R: squamous cell carcinoma.",
    },
)  # fmt: skip
"""Of each case."""
MINUTES = (8, 6, 5, 8)


async def open_demo_board(registry: Registry, cases: Sequence[Sequence[str]], name: str) -> ConsultId:
    """Open it, with links that work until it ends. Raises as `Registry.open`."""
    first, *others = cases
    kept = _views(await registry.library.case(first, id="c1", title=""))
    brought = [
        Prepare(of=f"c{n}", by_name=AUTHOR, texts=texts, minutes=minutes, views=kept if n == 1 else ())
        for n, (texts, minutes) in enumerate(zip(TEXTS, MINUTES, strict=True), start=1)
    ]
    consult = await registry.open(
        first, title=TITLE, host_name="Dr. Host", name=name, more_cases=others, link_s=None, kind="board",
        brought=brought,
    )  # fmt: skip
    await registry.invite(consult, "preparer", expires_at=None)
    author = await Author.come(await registry.find(consult), AUTHOR, "preparer")
    try:
        await author.do(SetBoard, specialties=SPECIALTIES)
    finally:
        author.leave()
    return consult


def _views(case: Case) -> tuple[KeptView, ...]:
    """The nodule, at both dates."""
    found = []
    for study, line in ((CURRENT, "Nodule, 22 mm"), (PRIOR, "The same in May, 14 mm")):
        series = lung_series(case, study)
        if series is not None:
            centre = truth().nodule_centre[study.name]
            place = nearest_place(series, centre)
            found.append(KeptView(close_view(series, place, dropped_onto(series, place, centre)), line))
    return tuple(found)
