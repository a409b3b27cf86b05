"""Reads, one statement each. `*_json` gives the bytes the API answers with; its namesake gives the same as a typed object."""
