"""Passkeys: adding, using, naming and removing them."""
