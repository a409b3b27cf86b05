"""Languages, courses, modules and what they contain; who learns them and how far they are."""
