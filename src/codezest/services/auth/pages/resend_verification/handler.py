"""Ask for another confirmation letter."""

from codezest.services.auth.pages.asking_for_letter import letter_routes

router = letter_routes("/resend-verification", "verification", template="auth/pages/resend_verification/template.html")
