"""Faults of the whole product: processes killed under real conversations."""
