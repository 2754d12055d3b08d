"""Training of what answers ship: what tells unlawful wishes, and what weighs yes and no."""
