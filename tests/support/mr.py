"""A small MR study as real DICOM files: a diffusion series that repeats for each b value, a plain one, a cine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydicom.uid import MRImageStorage, generate_uid

from tests.support.ct import SIZE, pixels
from tests.support.dicom_files import ct, write

PLACES = 6
B_VALUES = (0, 1000)
PHASES, PHASE_MS = 4, 150
SLICE_MM = 4.0


def write_study(folder: Path) -> str:
    """Write it, feet first; the lowest place has no image of the last b value. Returns its StudyInstanceUID."""
    folder.mkdir(parents=True)
    study, frame = generate_uid(), generate_uid()
    shared: dict[str, Any] = {"StudyInstanceUID": study, "FrameOfReferenceUID": frame, "StudyDescription": "MR head"}
    diffusion, plain = generate_uid(), generate_uid()
    for time, b_value in enumerate(B_VALUES):
        for place in range(time, PLACES):
            _write_image(
                folder / f"dwi-{b_value}-{place}.dcm", place, time,
                SeriesInstanceUID=diffusion, SeriesDescription="DWI", SeriesNumber=3, DiffusionBValue=b_value, **shared,
            )  # fmt: skip
    for place in range(PLACES):
        _write_image(
            folder / f"t2-{place}.dcm", place, 7,
            SeriesInstanceUID=plain, SeriesDescription="T2", SeriesNumber=2, **shared,
        )  # fmt: skip
    cine = generate_uid()
    for phase in range(PHASES):
        _write_image(
            folder / f"cine-{phase}.dcm", 2, 3 + phase,
            SeriesInstanceUID=cine, SeriesDescription="Cine", SeriesNumber=4, TriggerTime=PHASE_MS * phase, **shared,
        )  # fmt: skip
    return str(study)


def _write_image(path: Path, place: int, look: int, **changes: Any) -> None:
    """One axial image; those of another `look` have other pixels."""
    dataset = ct(
        SOPClassUID=MRImageStorage, Modality="MR", InstanceNumber=100 * look + place, Rows=SIZE, Columns=SIZE,
        ImagePositionPatient=[-SIZE, -SIZE, SLICE_MM * place], PixelSpacing=[2.0, 2.0], SliceThickness=SLICE_MM,
        WindowCenter=1024, WindowWidth=2048, WindowCenterWidthExplanation="MR", RescaleIntercept=0,
        **changes,
    )  # fmt: skip
    dataset.PixelData = pixels(place + PLACES * look, 10 * PLACES).tobytes()
    write(dataset, path)
