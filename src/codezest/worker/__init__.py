"""Runs what the requests have asked for: jobs, events and schedules."""
