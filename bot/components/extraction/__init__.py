"""Facts in the words of a message: one module per kind, each pure, each a list of `Found`."""
