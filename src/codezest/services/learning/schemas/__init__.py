"""The types of the learning API, by topic."""
