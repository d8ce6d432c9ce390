"""The employers' own forms: read from the workbooks that they send, turned into the registers, written back out."""
