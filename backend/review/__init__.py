"""Which utterances deserve a person's eyes, and with what masked. Pure."""
