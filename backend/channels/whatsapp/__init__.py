"""WhatsApp: the Business Cloud API of Meta, or the same through 360dialog."""
