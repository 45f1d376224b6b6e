"""From approved examples to a model."""
