"""The deployment: the Hub's configuration and the command line."""
