"""What the law on personal data asks of an office: requests of people, breaches, both with their clocks."""
