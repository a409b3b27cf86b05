"""Writes of analyses: asked for, made, edited, approved."""
