fault-email = This is not an e-mail address.
fault-password = A password has at least 10 characters.
fault-old-password = This is not your present password.
fault-role = Choose one of the roles.
fault-name = This name cannot be taken.
