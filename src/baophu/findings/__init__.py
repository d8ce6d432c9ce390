"""People, employers and amounts that somebody should act on: a file of SQL a kind, its reason, its priority."""
