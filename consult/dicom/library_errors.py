"""What pydicom and the decoders raise on broken input. All else is caught once, at the edge of the worker."""

from __future__ import annotations

import struct
import zlib

LIBRARY_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
