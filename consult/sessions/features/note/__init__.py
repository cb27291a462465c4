"""The note of a case: written by one or several, signed, never changed after that."""
