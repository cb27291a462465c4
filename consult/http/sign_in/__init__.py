"""How a host signs in: by user name and password, by the site's OpenID provider, by a launch link, by the token."""
