"""The pages of `/tinjau`: sentences one at a time, rounds of training, versions of the assistant."""
