"""Reference rows: regional difference is a row, never an if."""
