"""Two hosts on one machine: the drill of what several hosts must survive."""
