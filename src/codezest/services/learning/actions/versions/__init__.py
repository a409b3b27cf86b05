"""Bring back what authors wrote before."""
