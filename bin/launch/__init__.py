"""How the two commands start things. Standard library only: it runs before anything is installed."""
