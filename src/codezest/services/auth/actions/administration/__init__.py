"""What administrators do to other people's accounts, besides their role and standing (`manage_user`)."""
