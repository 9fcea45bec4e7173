"""What a notebook imports: the editor of a problem, and a student's own data."""
