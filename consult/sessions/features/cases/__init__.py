"""Which case is on the stage."""
