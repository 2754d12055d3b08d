"""The web console and the REST API: pages and JSON over the same verbs."""
