"""From what people edit to what people read: sources become notebooks, run and stored with their outputs."""
