"""What marks measure: values for the pages, numbers for the note."""
