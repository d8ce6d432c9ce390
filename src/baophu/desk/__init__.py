"""The desk: what people decide and enter (decisions, imported targets, the record of who did what), kept by Django."""
