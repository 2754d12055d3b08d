"""Quiz items, quizzes, practice, exams, and what people achieved."""
