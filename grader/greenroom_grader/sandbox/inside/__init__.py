"""Code that runs inside boxes. It travels there as source, imports only its neighbours of ours, and is not trusted."""
