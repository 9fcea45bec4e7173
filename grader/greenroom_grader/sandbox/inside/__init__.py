"""Code that runs inside boxes. It travels there as source, imports nothing of ours but its neighbours, and is not trusted."""
