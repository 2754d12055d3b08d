"""Incidents: reported by page or mail, graded, worked on, drilled, reviewed."""
