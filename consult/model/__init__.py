"""Pure: identifiers, views, the catalogue of a case, patient-space geometry, the error tree."""
