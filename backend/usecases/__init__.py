"""One file per thing somebody wants."""
