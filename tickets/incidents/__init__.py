"""Incidents: what a report says, how grave that is, what may be done with it."""
