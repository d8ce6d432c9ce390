"""The API under `/api/v1`: what the pages show, as JSON. A rule guards every operation as it guards every page."""
