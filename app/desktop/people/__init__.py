"""Who sits at the desk: signing in, the locked screen, the first start, the page of users."""
