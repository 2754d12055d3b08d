"""The closing project: routes, steps and sections as reviewed data; clients, moves and store."""
