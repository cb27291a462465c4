"""Segmentations and structure sets: what they mark, on which images, in which colours."""
