"""The record (学籍) of one pupil and of many: kept, found, listed, shown, told over time."""
