"""Frames to stored values: codecs, colour, lookup tables."""
