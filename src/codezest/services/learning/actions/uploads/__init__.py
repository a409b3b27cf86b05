"""Files that people send in for a course: taken in, put to use, removed."""
