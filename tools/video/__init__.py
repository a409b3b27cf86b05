"""Short teaching films from a script: a timeline, frames drawn from it, and a file with captions."""
