"""Segmentations over a drawn picture: coloured regions and contours."""
