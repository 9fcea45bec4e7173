"""Study: a student's own place. Home, reviews, today's problem, bookmarks, notes, weekly goal and progress."""
