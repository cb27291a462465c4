"""What a page is told of the document: by its role, and in which parts."""
