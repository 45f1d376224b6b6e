"""What can go wrong between us and the database, in words that say what to do."""

from __future__ import annotations


class DatabaseUnavailable(Exception):
    """The server does not answer, or the connection broke: nothing was committed for certain; try again."""


class DatabaseRefused(Exception):
    """The server answers but must not be used (too old, unsafe settings, a newer schema); the text says why."""


class KeysRefused(Exception):
    """The key file is missing, readable by others, damaged, or not the one this database was written with."""


class KeyDestroyed(Exception):
    """The data key was purged: what it sealed cannot be read again, by anybody."""


class SealBroken(Exception):
    """A sealed value was changed, or belongs to another row."""
