"""Programs that belong to a question: asked for, run, and counted."""
