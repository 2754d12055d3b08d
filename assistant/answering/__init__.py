"""From a question to a checked answer: what it rests on, the draft, the check."""
