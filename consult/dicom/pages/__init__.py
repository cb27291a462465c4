"""Documents as pages: structured reports and encapsulated PDF."""
