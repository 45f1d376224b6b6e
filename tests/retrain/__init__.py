"""The loop of review and training as a whole, shown on the real language side."""
