"""The order to destroy, what must stand in its dossier, and the permanent register."""
