"""`consult doctor`: a module for each thing that is looked at; none changes anything."""
