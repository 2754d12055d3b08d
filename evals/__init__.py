"""Measures; present in a checkout, not in the installed wheel."""

import records as _first  # noqa: F401  what is measured runs on as many threads as the product does
