"""Mutated messages, files, datagrams, SDP answers and requests against the product's own code, by seed."""
