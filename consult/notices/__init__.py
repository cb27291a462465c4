"""Notices to people outside: by webhook and by e-mail, never with anything of a patient. smtplib and http.client stop
here."""
