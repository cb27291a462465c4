"""Files to records: headers, geometry, windows, patients."""
