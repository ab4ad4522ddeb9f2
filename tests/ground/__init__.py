"""What the tests stand on: a real PostgreSQL, a real browser, and no network beyond this machine."""
