"""Files of courses and hand-ins, as browsers get them."""
