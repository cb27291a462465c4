"""Cine: how long each image is shown, and which one is due when."""
