"""Rasa as a pure turn function."""
