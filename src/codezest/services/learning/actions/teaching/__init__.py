"""What the studio writes beyond the content itself: courses, their state, their staff, and where things stand in them."""
