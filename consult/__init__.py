"""consult: real-time collaborative consultation for radiology."""

__version__ = "0.1.0"
