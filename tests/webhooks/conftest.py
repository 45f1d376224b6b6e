"""A running site for the tests of webhooks."""

from tests.web.conftest import live

__all__ = ["live"]
