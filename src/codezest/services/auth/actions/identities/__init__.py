"""Accounts elsewhere: signing in with them, connecting and disconnecting them."""
