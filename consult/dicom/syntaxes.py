"""Transfer syntaxes (PS3.5 A, PS3.6 A): what is supported, and what each means for the pixels."""

from __future__ import annotations

IMPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2"
EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1.99"
EXPLICIT_VR_BIG_ENDIAN = "1.2.840.10008.1.2.2"
RLE_LOSSLESS = "1.2.840.10008.1.2.5"
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
"""Deflated Image Frame Compression (PS3.5 A.4.13)."""
ENCAPSULATED_UNCOMPRESSED = "1.2.840.10008.1.2.1.98"
"""Encapsulated Uncompressed Explicit VR Little Endian (PS3.5 A.4.11)."""

UNCOMPRESSED = frozenset(
    {
        IMPLICIT_VR_LITTLE_ENDIAN,
        EXPLICIT_VR_LITTLE_ENDIAN,
        DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
        EXPLICIT_VR_BIG_ENDIAN,
    }
)
"""The pixel data are as they are (deflated: once the data set is inflated)."""
JPEG = frozenset(
    {
        "1.2.840.10008.1.2.4.50",  # Baseline (Process 1)
        "1.2.840.10008.1.2.4.51",  # Extended (Process 2 and 4)
        "1.2.840.10008.1.2.4.53",  # Spectral Selection (Process 6 and 8), retired
        "1.2.840.10008.1.2.4.55",  # Full Progression (Process 10 and 12), retired
        "1.2.840.10008.1.2.4.57",  # Lossless (Process 14)
        "1.2.840.10008.1.2.4.70",  # Lossless (Process 14, Selection Value 1)
    }
)
JPEG_LS = frozenset({"1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"})
JPEG_2000 = frozenset({"1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"})
HTJ2K = frozenset({"1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"})
JPEG_XL = frozenset({"1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.111", "1.2.840.10008.1.2.4.112"})
"""Lossless, JPEG Recompression, and either."""

NAMES = {
    DEFLATED_FRAMES: "Deflated Image Frame Compression",
    "1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
}
"""Of those that pydicom has no name for."""

SUPPORTED = (
    UNCOMPRESSED
    | {RLE_LOSSLESS, DEFLATED_FRAMES, ENCAPSULATED_UNCOMPRESSED}
    | JPEG
    | JPEG_LS
    | JPEG_2000
    | HTJ2K
    | JPEG_XL
)
ALWAYS_LOSSY = frozenset(f"1.2.840.10008.1.2.4.{process}" for process in (50, 51, 53, 55, 111))
MAYBE_LOSSY = frozenset(
    {"1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.4.112"}
)
"""Lossy unless LossyImageCompression denies it."""
VIDEO = frozenset(f"1.2.840.10008.1.2.4.{n}" for n in range(100, 109)) | frozenset(
    f"1.2.840.10008.1.2.4.{n}.1" for n in range(100, 107)
)
