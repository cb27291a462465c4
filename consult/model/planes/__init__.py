"""Planes: what is a volume, and acts on the planes through it."""
