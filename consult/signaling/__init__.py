"""Codec, connection state machine and schema of the messages: no I/O at all."""
