"""The demo studies: a computed phantom of chest and upper abdomen, written as real DICOM files on first use."""

from consult.dicom.demo.make import make_demo
from consult.dicom.demo.studies import Truth, truth

__all__ = ["Truth", "make_demo", "truth"]
