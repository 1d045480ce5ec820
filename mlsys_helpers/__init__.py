"""The ML Systems companion: models, figures, explorers, exercises and quizzes behind the notebooks."""
