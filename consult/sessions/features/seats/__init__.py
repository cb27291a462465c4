"""Who takes part: invitations, seats, names, and how a connection ends."""
