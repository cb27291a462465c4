"""SUV of made files, a file for each condition; the factor is reckoned here by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from consult.dicom.reading.file_reader import read_file
from consult.dicom.stacks import build_stacks
from consult.model.catalogue import Suv
from consult.rendering.suv import Uptake, suv
from tests.support.dicom_files import ABSENT, ct, write
from tests.support.pet import DOSE_BQ, FACTOR, HALF_LIFE_S, WEIGHT_KG, dose, pet

WHOLE = WEIGHT_KG * 1000 / DOSE_BQ
"""Nothing of the dose decayed."""


def decayed(seconds: float, of: float = WHOLE) -> float:
    """The factor where so long passed from injection to scan."""
    return of * 2 ** (seconds / HALF_LIFE_S)


def philips(units: str = "CNTS", **factors: float) -> Dataset:
    """Philips' private group; with explicit VRs as DS."""
    dataset = pet(Units=units)
    block = dataset.private_block(0x7053, "Philips PET Private Group", create=True)
    for name, value in factors.items():
        block.add_new({"suv": 0x00, "activity": 0x09}[name], "DS", f"{value:g}")
    return dataset


def ge(scan: str) -> Dataset:
    dataset = pet(SeriesTime="140000")
    dataset.private_block(0x0009, "GEMS_PETD_01", create=True).add_new(0x0D, "DT", scan)
    return dataset


RATE = math.log(2) / HALF_LIFE_S
DURING = 180.0
AVERAGE = math.log(RATE * DURING / (1 - math.exp(-RATE * DURING))) / RATE
"""When within a frame of 180 s the decay is that of the frame's average."""

KNOWN: dict[str, tuple[Callable[[], Dataset], float]] = {
    "START": (pet, FACTOR),
    "ADMIN": (lambda: pet(DecayCorrection="ADMIN"), WHOLE),
    "ADMIN without times": (
        lambda: pet(DecayCorrection="ADMIN", SeriesTime=ABSENT, AcquisitionTime=ABSENT,
                    dose_changes={"RadiopharmaceuticalStartTime": None, "RadionuclideHalfLife": None}), WHOLE),
    "injected before midnight": (
        lambda: pet(SeriesTime="003000", AcquisitionTime="003100",
                    dose_changes={"RadiopharmaceuticalStartTime": "234500"}), decayed(2700)),
    "injected before midnight, with its date": (
        lambda: pet(SeriesTime="003000", AcquisitionTime="003100", dose_changes={
            "RadiopharmaceuticalStartTime": "234500", "RadiopharmaceuticalStartDateTime": "20261123234500"}),
        decayed(2700)),
    "injected two days before": (
        lambda: pet(dose_changes={"RadiopharmaceuticalStartDateTime": "20261122100000",
                                  "RadionuclideHalfLife": 282240.0}), WHOLE * 2 ** (2 * 86400 / 282240.0)),
    "injected at a date of another calendar": (
        lambda: pet(dose_changes={"RadiopharmaceuticalStartDateTime": "20991231093000"}), decayed(1800)),
    "a series time after the acquisition": (
        lambda: pet(SeriesTime="150000", AcquisitionTime="100200"), decayed(3720)),
    "a series date after the acquisition": (
        lambda: pet(SeriesDate="20261125", SeriesTime="080000"), decayed(3720)),
    "a series time after the acquisition, GE": (lambda: ge("20261124100000.00"), FACTOR),
    "a series time after the acquisition, reckoned back": (
        lambda: pet(SeriesTime="150000", AcquisitionTime="101000", FrameReferenceTime=690000.0,
                    ActualFrameDuration=180000), decayed(3600 + 600 - 690 + AVERAGE)),
    "a decay correction with its moment": (
        lambda: pet(DecayCorrectionDateTime="20261124093000", SeriesTime="150000"), decayed(1800)),
    "enhanced, without CorrectedImage": (
        lambda: pet(CorrectedImage=ABSENT, DecayCorrection=ABSENT, AttenuationCorrected="YES", DecayCorrected="YES",
                    DecayCorrectionDateTime="20261124100000"), FACTOR),
    "Philips' own factor": (lambda: philips(suv=0.000123, activity=2.5), 0.000123),
    "Philips' factor to Bq/ml": (lambda: philips(activity=2.5), 2.5 * FACTOR),
    "Philips in Bq/ml": (lambda: philips("BQML", suv=0.000123), FACTOR),
    "in g/ml": (lambda: pet(Units="GML", CorrectedImage=ABSENT, PatientWeight=ABSENT), 1.0),
    "in g/ml by body weight": (lambda: pet(Units="GML", SUVType="BW"), 1.0),
}  # fmt: skip
UNKNOWN: dict[str, tuple[Callable[[], Dataset], str]] = {
    "not corrected for attenuation": (
        lambda: pet(CorrectedImage=["DECY"]),
        "The images are not corrected for attenuation (CorrectedImage has no ATTN)."),
    "not corrected for decay": (
        lambda: pet(CorrectedImage=["ATTN"]), "The images are not corrected for decay (CorrectedImage has no DECY)."),
    "NONE": (
        lambda: pet(DecayCorrection="NONE"), "Decay is not corrected to a known time (DecayCorrection NONE)."),
    "no decay correction": (
        lambda: pet(DecayCorrection=ABSENT), "Decay is not corrected to a known time (DecayCorrection absent)."),
    "no weight": (lambda: pet(PatientWeight=ABSENT), "The patient's weight is not known (PatientWeight)."),
    "a weight of 0": (lambda: pet(PatientWeight=0), "The patient's weight is not known (PatientWeight)."),
    "no dose": (
        lambda: pet(dose_changes={"RadionuclideTotalDose": None}),
        "The injected dose is not known (RadionuclideTotalDose)."),
    "a dose in MBq": (
        lambda: pet(dose_changes={"RadionuclideTotalDose": 350}), "RadionuclideTotalDose is 350 Bq: that is no dose."),
    "nothing of the dose": (
        lambda: pet(RadiopharmaceuticalInformationSequence=ABSENT),
        "The injected dose is not known (RadionuclideTotalDose)."),
    "no half-life": (
        lambda: pet(dose_changes={"RadionuclideHalfLife": None}),
        "The radionuclide's half-life is not known (RadionuclideHalfLife)."),
    "no injection": (
        lambda: pet(dose_changes={"RadiopharmaceuticalStartTime": None}),
        "When the dose was injected is not known (RadiopharmaceuticalStartTime)."),
    "no scan": (
        lambda: pet(SeriesTime=ABSENT, AcquisitionTime=ABSENT),
        "When the scan began is not known (SeriesTime, AcquisitionTime)."),
    "a day between": (
        lambda: pet(dose_changes={"RadiopharmaceuticalStartDateTime": "20261120100000"}),
        "Injection and scan lie too far apart to be of one dose."),
    "counts": (lambda: pet(Units="CNTS"), "The values are counts, without the factor that makes them Bq/ml."),
    "another unit": (lambda: pet(Units="PROPCPS"), "The unit of the values is PROPCPS, not Bq/ml."),
    "SUV by lean mass": (
        lambda: pet(Units="GML", SUVType="LBM"),
        "The values are SUV already, but not by body weight (SUVType LBM)."),
}  # fmt: skip


def suv_of(tmp_path: Path, *datasets: Dataset) -> Suv:
    records = [read_file(str(write(dataset, tmp_path / f"{i}.dcm"))) for i, dataset in enumerate(datasets)]
    found = build_stacks(records)[0].series.suv
    assert found is not None
    return found


@pytest.mark.parametrize("name", KNOWN)
def test_the_factor_is_that_of_the_condition(name: str, tmp_path: Path) -> None:
    make, factor = KNOWN[name]
    found = suv_of(tmp_path, make())
    assert found.reason == ""
    assert found.body_weight == pytest.approx(factor, rel=1e-9)


@pytest.mark.parametrize("name", UNKNOWN)
def test_without_it_there_is_the_reason(name: str, tmp_path: Path) -> None:
    make, reason = UNKNOWN[name]
    assert suv_of(tmp_path, make()) == Suv(reason=reason)


def test_the_first_acquisition_of_all_beds_counts(tmp_path: Path) -> None:
    beds = [
        pet(SeriesTime="150000", AcquisitionTime=time, ImagePositionPatient=[0, 0, z], InstanceNumber=z + 1)
        for z, time in enumerate(("101500", "100200", "100700"))
    ]
    assert suv_of(tmp_path, *beds).body_weight == pytest.approx(decayed(3720))


MAN, WOMAN = 9270 * 70 / (6680 + 216 * 70 / 1.80**2), 9270 * 70 / (8780 + 244 * 70 / 1.65**2)


@pytest.mark.parametrize(("sex", "height", "mass"), [("M", 1.80, MAN), ("F", 1.65, WOMAN)])
def test_lean_mass_is_janmahasatians(sex: str, height: float, mass: float, tmp_path: Path) -> None:
    found = suv_of(tmp_path, pet(PatientSex=sex, PatientSize=height))
    assert found.lean_mass == pytest.approx(FACTOR * mass / 70)
    assert suv_of(tmp_path, pet(PatientSex=sex, PatientSize=height * 100)).lean_mass == pytest.approx(found.lean_mass)


@pytest.mark.parametrize(
    ("sex", "height", "attribute"),
    [("O", 1.8, "PatientSex"), ("", 1.8, "PatientSex"), ("M", ABSENT, "PatientSize"), ("M", 0, "PatientSize"),
     ("F", 0.1, "PatientSize")],
)  # fmt: skip
def test_without_height_or_sex_there_is_no_lean_mass_and_it_says_which(
    sex: str, height: object, attribute: str, tmp_path: Path
) -> None:
    found = suv_of(tmp_path, pet(PatientSex=sex, PatientSize=height))
    assert found.body_weight == pytest.approx(FACTOR)
    assert found.lean_mass == 0.0
    assert attribute in found.lean_reason
    assert not found.reason


def test_where_there_is_no_suv_there_is_no_sul_and_one_reason() -> None:
    none = suv("BQML", [Uptake(corrections=("ATTN", "DECY"), decay="ADMIN", dose_bq=3e8)])
    assert (none.body_weight, none.lean_mass, none.lean_reason) == (0.0, 0.0, "")
    assert "PatientWeight" in none.reason


def test_of_counts_with_a_factor_alone_the_weight_may_lack_and_it_says_so() -> None:
    counts = suv("CNTS", [Uptake(corrections=("ATTN", "DECY"), philips_suv=0.5, height_m=1.8, sex="M")])
    assert (counts.body_weight, counts.lean_mass) == (0.5, 0.0)
    assert "PatientWeight" in counts.lean_reason


def test_other_modalities_have_none_and_broken_attributes_refuse_no_file(tmp_path: Path) -> None:
    assert build_stacks([read_file(str(write(ct(), tmp_path / "ct.dcm")))])[0].series.suv is None
    odd = pet(RadiopharmaceuticalInformationSequence=[dose(RadiopharmaceuticalStartTime="noon")])
    block = odd.private_block(0x7053, "Philips PET Private Group", create=True)
    block.add_new(0x00, "UN", b"not a number")
    assert "RadiopharmaceuticalStartTime" in suv_of(tmp_path, odd).reason
