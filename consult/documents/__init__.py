"""Notes as documents: from a version of a note to a page, a PDF and JSON. Written out in worker processes."""
