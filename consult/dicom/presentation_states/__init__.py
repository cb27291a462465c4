"""Grayscale Softcopy Presentation States (PS3.3 A.33.1): what they ask for, and of which images."""
