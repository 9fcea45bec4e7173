"""Study: a student's own place. Reviews, today's problem, bookmarks, notes, weekly goal, progress, and the home page."""
