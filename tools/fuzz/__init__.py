"""Mutated messages, files, datagrams and SDP answers against the product's own code, by seed."""
