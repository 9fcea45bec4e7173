"""The grader: boxes, the judge, and grading of notebooks."""
