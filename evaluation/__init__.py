"""How well the engine answers: listings, questions with their right answers, and a judge.

Three files of cases, reported apart: `tuned` was written with the engine; `fresh` by somebody who did not know it;
`held_out` by the same in the manner of other people, and whoever improves the engine leaves that one unread.
"""
