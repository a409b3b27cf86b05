"""A course that comes in as files: sent, looked at, taken over or given up."""
