"""Short texts to all."""
