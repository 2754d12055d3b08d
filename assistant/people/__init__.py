"""People of the company: registered, signed in, their accounts, erased when they leave."""
