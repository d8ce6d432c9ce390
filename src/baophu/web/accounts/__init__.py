"""Who may see and do what, on which areas: people, roles, scopes, signing in."""
