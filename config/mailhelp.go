package config

// mailHelp is what a first file says about mail: the accounts that most teams
// have, as comments to take the # away from.
const mailHelp = `
# Mail comes in from a mailbox that the team shares, with one section an account.
# Take the # away in front of one, then: hark config check; hark mail password
# support; hark stop; hark. The password itself never stands in this file.
#
# Gmail, with an app password of the Google account:
#[mail.support]
#address = "help@shop.example"
#authserv = ["mx.google.com"]
#imap.host = "imap.gmail.com"
#smtp.host = "smtp.gmail.com"
#
# Microsoft 365, which takes tokens only; a program of yours prints one:
#[mail.support]
#address = "help@shop.example"
#auth = "xoauth2"
#token_command = ["/usr/local/bin/mail-token", "help@shop.example"]
#imap.host = "outlook.office365.com"
#smtp = { host = "smtp.office365.com", security = "starttls" }
#
# Fastmail, with an app password:
#[mail.support]
#address = "help@shop.example"
#imap.host = "imap.fastmail.com"
#smtp.host = "smtp.fastmail.com"
#
# Any other server, here with a password manager instead of the OS keyring:
#[mail.support]
#address = "help@shop.example"
#user = "help"
#password = "command"
#password_command = ["pass", "show", "mail/help"]
#imap = { host = "mail.shop.example", security = "starttls" }
#smtp = { host = "mail.shop.example", security = "starttls" }
`
