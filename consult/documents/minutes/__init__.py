"""Minutes of a board: what was decided of each case, who was against it, who was there, how long it took; as page, PDF,
JSON, and as a FHIR bundle."""
