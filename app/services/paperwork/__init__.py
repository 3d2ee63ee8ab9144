"""Papers under a number, forms to sign, and lists that leave the house: what each says, and who had it."""
