"""What an account is entered by besides a password: passkeys, codes of an authenticator app, accounts elsewhere.

Types, reads and pure rules, which pages, routes and actions share.
"""
