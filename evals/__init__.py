"""Measures; present in a checkout, not in the installed wheel."""
