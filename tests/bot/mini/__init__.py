"""A Rasa project as small as the engine's promises allow, so that its tests need nobody else's dialogue."""
