"""Who has opened a signed note, and who says that they have read it."""
