"""The clocks an incident starts, as reviewed data, and the deadlines they give."""
