"""An OpenAI-compatible server of our own: the default that needs no account, no key and no network."""
