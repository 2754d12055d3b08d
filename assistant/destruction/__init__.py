"""Keep or destroy: decided, requested, approved, carried out, certified."""
