"""Training of what chooses the duty that answers a question, and tells whether any does."""
