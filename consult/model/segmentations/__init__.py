"""Segmentations: what marks regions of other images, and which of them lies on which image."""
