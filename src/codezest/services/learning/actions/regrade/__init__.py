"""Grade an assignment's submissions anew: look first, then apply or cancel as one set."""
