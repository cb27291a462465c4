"""The demo studies: a computed phantom of chest and upper abdomen, written as real DICOM files on first use."""
