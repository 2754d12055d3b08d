"""Registers and their entries; the yearly review over them."""
