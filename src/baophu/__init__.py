"""Baophu: the system by which a country widens social insurance, made for Viet Nam first."""

__version__ = "0.1.0"
