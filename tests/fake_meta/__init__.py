"""A WhatsApp Cloud API of our own for tests and trials: strict as Meta's where the documents are, unfair where the network is."""
