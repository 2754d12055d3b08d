"""The closing project of a company, from its first day to its evidence bundle."""
