"""Ways into a course and its cohorts, and what those who teach do with its learners."""
