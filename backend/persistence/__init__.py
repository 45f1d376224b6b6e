"""PostgreSQL: tables, rows, unit of work, keys, the embedded server."""
