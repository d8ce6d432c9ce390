"""Forecasts by month and area, what they can be held against, and what they say of a target."""
