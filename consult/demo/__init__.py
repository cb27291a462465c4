"""The demo studies: a computed phantom of chest and upper abdomen, written as real DICOM files on first use."""

from consult.demo.make import make_demo
from consult.demo.studies import Truth, truth

__all__ = ["Truth", "make_demo", "truth"]
