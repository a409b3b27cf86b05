"""The ASGI edge: every request enters and leaves here."""
