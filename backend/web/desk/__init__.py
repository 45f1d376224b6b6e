"""The officers' desk: who is in, what the position may do, and its pages."""
