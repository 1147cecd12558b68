"""The pages of the window's right side: welcome, verdict, protocol, result. They show and ask, no more."""
