"""The use cases that change something: one verb, one module. Each works within the caller's transaction."""
