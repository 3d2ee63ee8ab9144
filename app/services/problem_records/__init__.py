"""问题学籍 and 重复学籍: found, settled, merged."""
