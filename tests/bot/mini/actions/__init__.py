"""Actions that do one thing each which the engine promises to handle."""
