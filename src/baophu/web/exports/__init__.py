"""Taking away what a page shows: as a file at once, or prepared in the background, after approval where it must be."""
