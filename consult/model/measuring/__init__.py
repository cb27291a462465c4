"""What lengths on an image mean, beside what its file says. Pure."""
