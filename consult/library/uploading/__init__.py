"""What a browser sends: piece by piece, kept over cuts and restarts, then taken in as everybody's files are."""
