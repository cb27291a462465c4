"""Keeping and deleting whole consults: a consult as one file and back, deletion with a proof, retention."""
