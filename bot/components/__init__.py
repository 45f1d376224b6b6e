"""Rasa graph components: how the engine reads Indonesian as people type it."""
