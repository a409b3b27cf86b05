"""How a grade comes about: pure rules without database or clock, and their words."""
