"""Presentation states over a picture: the shutter, graphics and words."""
