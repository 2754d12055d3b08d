"""Retention, deadlines, incidents, destruction: rules that cite provisions, and their records."""
