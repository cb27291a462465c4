"""How long something on an image is, said by somebody where the file does not say it."""
