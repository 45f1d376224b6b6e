"""HTTP: API, public pages, desk pages."""
