"""Outgoing webhooks after the Standard Webhooks specification: signing, sending, retrying."""
