"""Critical results: said to a named person, acknowledged, escalated, and open until somebody closes them."""
