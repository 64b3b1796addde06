"""Whether the difference is another one for some people."""
