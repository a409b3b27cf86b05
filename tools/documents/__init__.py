"""What `render_documents.py` is made of."""
