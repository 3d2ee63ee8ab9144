"""Papers: one module each, `draw(facts) -> bytes`, `draw_all(list) -> bytes`. No web, no database, no clock: same facts, same bytes."""
