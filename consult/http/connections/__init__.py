"""What a connection may cost before anybody is known by it: how many, how long, how large a header."""
