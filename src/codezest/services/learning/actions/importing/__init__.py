"""Courses that come in as files: sent, checked in the background, looked at, then taken over or given up."""
