"""The registers that other systems own: the contract of each extract, reading, checking, rejecting, storing, keys."""
