"""Who someone is: accounts, passwords, sessions, and the mails that prove an address."""
