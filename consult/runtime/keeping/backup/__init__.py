"""A data directory as a whole, copied while a server runs on it, and made anew of such a copy.

Not a consult as a file (`keeping/archive.py`): a backup has everything, keys too, and a server goes on with it.
"""
