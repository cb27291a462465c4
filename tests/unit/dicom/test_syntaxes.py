"""Transfer syntaxes: their classes do not overlap, and pydicom knows each."""

from __future__ import annotations

from itertools import combinations

from pydicom.uid import UID

from consult.dicom import syntaxes

CLASSES = (
    syntaxes.UNCOMPRESSED,
    syntaxes.JPEG,
    syntaxes.JPEG_LS,
    syntaxes.JPEG_2000,
    syntaxes.HTJ2K,
    syntaxes.JPEG_XL,
    syntaxes.VIDEO,
)


def test_the_classes_do_not_overlap() -> None:
    for one, other in combinations(CLASSES, 2):
        assert not one & other


def test_every_one_is_a_transfer_syntax() -> None:
    for uid in syntaxes.SUPPORTED:
        assert uid in syntaxes.NAMES or UID(uid).is_transfer_syntax, uid


def test_uncompressed_ones_are_those_that_pydicom_calls_so() -> None:
    known = syntaxes.SUPPORTED - syntaxes.NAMES.keys() - {syntaxes.ENCAPSULATED_UNCOMPRESSED}
    assert {uid for uid in known if not UID(uid).is_encapsulated} == syntaxes.UNCOMPRESSED


def test_video_is_not_supported_and_lossy_ones_are() -> None:
    assert not syntaxes.VIDEO & syntaxes.SUPPORTED
    assert syntaxes.ALWAYS_LOSSY | syntaxes.MAYBE_LOSSY <= syntaxes.SUPPORTED
