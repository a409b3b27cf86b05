"""CodeZest: learn to code and run courses."""

__version__ = "0.1.0"
