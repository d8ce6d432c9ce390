"""The dated tree of areas: country, provinces, communes; old codes and new ones; offices; how they are drawn."""
