"""The bridge to SP4N-LAPOR!: by hand through a sheet, or by its API."""
