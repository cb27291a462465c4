"""Presentation states (PS3.3 A.33): how somebody else has shown images before."""
