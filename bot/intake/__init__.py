"""Updates in: polled, committed to the inbox, then settled in order a chat and side by side between chats."""
