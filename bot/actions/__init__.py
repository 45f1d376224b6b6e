"""What the bot does in a turn: one file per action, named after it. Actions only read."""
