"""REST: who calls, what they may, and the one shape of an error."""
