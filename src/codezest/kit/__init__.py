"""Building blocks that know no service."""
