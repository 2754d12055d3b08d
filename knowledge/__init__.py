"""Sources, provisions, duties and the search over them."""
