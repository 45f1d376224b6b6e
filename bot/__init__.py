"""The conversation: words and turns; no business rule, no database."""
