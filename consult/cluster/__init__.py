"""Several nodes that answer as one: who lives, who has which consult, who shall have it."""
