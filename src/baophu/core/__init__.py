"""What every package uses: two languages, clear errors, numbers and dates as people write them, the home folder."""
