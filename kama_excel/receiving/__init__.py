"""What came back, read: every file in a process of its own kind, mails and archives unfolded, photos given a place."""
