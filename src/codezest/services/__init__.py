"""The services: each owns one schema of the database, and none imports another."""
