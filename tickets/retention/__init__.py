"""How long a record is kept: the rules as reviewed data, and the engine that weighs them."""
