"""Addresses that others name, looked at before anything is connected to: for every room that calls out."""
