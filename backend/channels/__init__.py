"""One folder per channel: translation, verification, sending."""
