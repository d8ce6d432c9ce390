"""The steps by which the table of exports came to be as it is."""
