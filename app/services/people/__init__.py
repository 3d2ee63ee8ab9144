"""Who may come in: accounts, the posts (岗位) that grant, passwords, sessions; the throttle of guesses and of questions."""
