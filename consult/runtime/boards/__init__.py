"""Boards, as whoever prepares their list of cases needs them."""
