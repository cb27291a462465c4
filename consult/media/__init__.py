"""Pictures on their way: PNG stills."""
