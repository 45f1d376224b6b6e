"""The case domain: pure values and rules."""
