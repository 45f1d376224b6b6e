"""Everything durable and everything public."""
