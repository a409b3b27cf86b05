"""What people change in the gradebook."""
