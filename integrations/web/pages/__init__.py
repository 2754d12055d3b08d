"""What people see: one file for each place in the navigation."""
