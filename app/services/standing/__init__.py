"""学籍异动: every change but a transfer, the absences that go before, and the balance that each leaves."""
