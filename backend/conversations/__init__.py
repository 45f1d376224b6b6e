"""Inbox, turns, outbox, identity: nothing a citizen wrote is lost."""
