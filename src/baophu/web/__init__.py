"""The site: sign in, see one's area, drill down to the rows, take it away."""
