"""Training of what retrieval ships: the built-in embedding and the ranker's trees."""
