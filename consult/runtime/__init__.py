"""The running consult: the shell around each SessionCore, the library, the volume cache, stills, mailboxes, clock."""
