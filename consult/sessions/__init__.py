"""Pure: commands, events, decide, fold, permissions, and SessionCore: messages in, effects out."""
