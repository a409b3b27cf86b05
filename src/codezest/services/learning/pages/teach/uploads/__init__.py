"""The files of a course: its list, and the forms that send one where it is needed."""
