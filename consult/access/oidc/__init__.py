"""Signing in by the site's OpenID provider: OpenID Connect Core 1.0, the authorization code flow with PKCE (RFC 7636).

Authlib and joserfc stop here.
"""
