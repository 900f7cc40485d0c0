"""How well the engine answers: listings, questions with their right answers, and a judge."""
