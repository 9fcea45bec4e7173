"""Practice: drafts, submissions, runs, hints and progress of one student at a time."""
