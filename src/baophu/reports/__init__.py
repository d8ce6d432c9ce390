"""What people read: tables, charts, the page that shows where an area stands."""
