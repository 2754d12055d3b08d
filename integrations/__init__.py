"""Doors: command line, web pages and API, Slack."""
