"""Files of laws and company policy → lines of visible text, and what was noticed in them."""
