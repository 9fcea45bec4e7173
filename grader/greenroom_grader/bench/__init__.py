"""What ``greenroom bench grader`` measures: our boxes beside nbclient and stock nbgrader, in one run on one machine."""
