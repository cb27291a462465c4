"""What guests are not shown where patients are hidden. Pure."""
