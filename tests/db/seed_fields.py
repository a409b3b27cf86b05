"""What the three seeds store, entity by entity, for the services whose schemas exist. Typed from the documents themselves."""

ENTITIES = {
    "000 User": "email password name role",
    "000 UserProfile": (
        "id userId bio avatar location website socialLinks githubUrl linkedinUrl twitterUrl preferences createdAt updatedAt"
    ),
    "000 Session": "token expiresAt userId",
    "000 OAuthAccount": "provider providerId",
    "000 PasswordReset": "token expiresAt used",
    "000 EmailVerification": "token verified",
    "000 ProgrammingLanguage": "id name slug description icon difficulty isActive createdAt updatedAt",
    "000 Module": "id languageId title slug description syllabus order createdAt updatedAt",
    "000 Material": "id moduleId title type content duration order createdAt updatedAt",
    "000 Assignment": (
        "id moduleId title description difficulty starterCode testCases hints maxScore timeLimit createdAt updatedAt"
    ),
    "000 AssignmentSubmission": "id userId assignmentId code language status score feedback submittedAt gradedAt",
    "000 MCQQuiz": "id moduleId title description passingScore timeLimit createdAt updatedAt",
    "000 MCQQuestion": "id quizId question explanation order points createdAt updatedAt",
    "000 MCQOption": "id questionId optionText isCorrect order",
    "000 MCQAttempt": "userId quizId score startedAt completedAt",
    "000 MCQAnswer": "attemptId questionId selectedOptionId isCorrect",
    "000 LanguageEnrollment": "id userId languageId status enrolledAt completedAt",
    "000 ModuleProgress": "id userId moduleId status progressPercent startedAt completedAt lastAccessedAt",
    "000 MaterialProgress": "id userId materialId completed viewCount lastViewedAt completedAt",
    "000 AssignmentAnalysis": (
        "id submissionId analysisType overallScore strengths weaknesses suggestions codeQuality detailedFeedback aiModel"
        " aiPrompt analyzedBy createdAt updatedAt"
    ),
    "000 QuizAnalysis": (
        "id attemptId analysisType performanceBreakdown strongTopics weakTopics recommendations insights avgTimePerQuestion"
        " timeManagement aiModel analyzedBy createdAt updatedAt"
    ),
    "003 User": "id name email emailVerified image role createdAt updatedAt stripeCustomerId",
    "003 Session": "id expiresAt token createdAt updatedAt ipAddress userAgent userId",
    "003 Account": (
        "id accountId providerId userId accessToken refreshToken idToken accessTokenExpiresAt refreshTokenExpiresAt scope"
        " password createdAt updatedAt"
    ),
    "003 Verification": "id identifier value expiresAt createdAt updatedAt",
    "003 Course": (
        "id title description imageUrl imageKey price duration level category smallDescription slug status createdAt"
        " updatedAt userId teacherId"
    ),
    "003 Chapter": "id title position order createdAt updatedAt courseId",
    "003 Lesson": (
        "id title description content position order imageUrl imageKey videoUrl videoKey chapterId createdAt"
    ),
    "003 Enrollment": "id amount status enrolledAt createdAt updatedAt courseId userId",
    "003 LessonProgress": "id completed completedAt createdAt updatedAt userId lessonId",
    "004 users": (
        "id first_name last_name email email_verified password_hash profile_image_url role date_of_birth"
        " language_preference created_at updated_at"
    ),
    "004 instructors": "id user_id bio expertise created_at updated_at",
    "004 courses": (
        "id title description instructor_id category tags language thumbnail_url status publishedAt enrollment_count"
        " price.amount price.currency rating.average rating.count created_at updated_at"
    ),
    "004 lessons": (
        "id course_id title contentType content_url text_content quiz_id order status created_at updated_at"
    ),
    "004 course_enrollments": (
        "id user_id course_id enrollment_date progress.completed_lessons progress.total_lessons"
        " progress.progress_percentage status created_at updated_at"
    ),
    "004 lesson_progress": (
        "id user_id lesson_id course_id status has_assessment assessment.id assessment.score assessment.passed"
        " assessment.attempts is_completed started_at completed_at created_at updated_at"
    ),
    "004 quizzes": (
        "id lesson_id title description passing_score question_count time_limit attempt_limit created_at updated_at"
    ),
    "004 quiz_questions": (
        "id quiz_id type question_text options options.option options.is_correct marks media.image_url media.video_url"
        " difficulty order"
    ),
    "004 assignments": (
        "id course_id module_id instructor_id title instructions due_date max_marks allow_late_submission created_at"
    ),
    "004 quiz_attempts": (
        "id user_id quiz_or_assignment_id type attempt_number score status passed answers answers.question_id"
        " answers.selected_options answers.is_correct text_answer file_url started_at completed_at time_taken created_at"
    ),
    "004 user_answers": "id attempt_id question_id selected_option_id is_correct created_at updated_at",
    "004 grading": ("id submission_id graded_by marks_obtained feedback grading_date grade_scale manual_grading"),
}

LATER_ENTITIES = {
    "payments": (
        "000 Subscription, 000 Transaction, 000 Invoice, 000 PaymentMethod, 003 Payment, 004 transactions, 004 invoice,"
        " 004 refunds, 004 payment_methods, 004 tax_records, 004 instructor_payouts, 004 plans, 004 subscriptions,"
        " 004 cancellations, 004 renewls, 004 grace_period"
    ),
    "notifications": (
        "000 Notification, 000 NotificationPreference, 000 EmailLog, 004 email_templates, 004 scheduled_notifications,"
        " 004 notification_logs, 004 preferences"
    ),
    "activity": "000 UserActivity, 000 AnalyticsEvent, 004 user_analytics, 004 course_analytics",
    "certificates": "004 certificate_templates, 004 certificates, 004 certificate_verifications",
    "tutor": "004 user_preferences, 004 user_recommendations, 004 ai_chat_sessions",
}

ENUMERATIONS = {
    "Role": "ADMIN INSTRUCTOR STUDENT",
    "Difficulty": "BEGINNER INTERMEDIATE ADVANCED",
    "PublicationStatus": "DRAFT PUBLISHED ARCHIVED",
    "MaterialType": "VIDEO ARTICLE CODE_EXAMPLE INTERACTIVE PDF DOCX QUIZ",
    "QuestionType": "MULTIPLE_CHOICE TRUE_FALSE FILL_BLANK MATCHING",
    "SubmissionStatus": "PENDING RUNNING PASSED FAILED ERROR SUBMITTED GRADED LATE",
    "ProgressStatus": "NOT_STARTED IN_PROGRESS COMPLETED",
    "EnrollmentStatus": "PENDING ACTIVE PAUSED COMPLETED DROPPED",
    "AttemptStatus": "SUBMITTED GRADED LATE",
    "AnalysisType": "AI MANUAL HYBRID",
}
