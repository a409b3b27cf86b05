"""Writes of the service auth, one verb per module.

Most take the session of the transaction that the edge has opened. Those that hash a password take the `Database`: hashing
takes tens of milliseconds, and no transaction stays open for that long.
"""
