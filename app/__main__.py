"""`python -m app` does what the command `prebirka` does, also where no command is installed."""

from app.cli import main

if __name__ == "__main__":
    main()
