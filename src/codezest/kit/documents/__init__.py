"""Documents that people send in, as text and as markup for a page."""
