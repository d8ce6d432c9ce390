"""The catalogue of indicators and the figures that were published of them, each with its source."""
