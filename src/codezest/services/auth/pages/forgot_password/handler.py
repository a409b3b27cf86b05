"""Ask for a new password."""

from codezest.services.auth.pages.asking_for_letter import letter_routes

router = letter_routes("/forgot-password", "reset", template="auth/pages/forgot_password/template.html")
