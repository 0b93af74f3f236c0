package dovecot

import (
	"strconv"
	"strings"
)

// configuration is the whole of dovecot.conf for a server in dir. Nothing of
// the system's own configuration is read.
func configuration(dir string, plain, tls int) string {
	return strings.NewReplacer(
		"DIR", dir, "PLAIN", strconv.Itoa(plain), "TLS", strconv.Itoa(tls),
		"PASSWORD", Password, "CERT", certFile, "KEY", keyFile, "TOKENS", tokenFile,
	).Replace(template)
}

// template keeps everything under DIR and listens on loopback only. mdbox
// stores many mails in one file, as large servers do. Wrong passwords cost no
// waiting.
const template = `
base_dir = DIR/run
state_dir = DIR/state
log_path = DIR/log
protocols = imap
listen = 127.0.0.1

ssl = yes
ssl_cert = <DIR/CERT
ssl_key = <DIR/KEY
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer

default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 100
mail_uid = dovecot
mail_gid = dovecot
mail_location = mdbox:~/mdbox
mailbox_idle_check_interval = 2 secs
mail_fsync = never
mail_max_userip_connections = 50
auth_failure_delay = 0
shutdown_clients = yes

passdb {
  driver = static
  mechanisms = plain login
  args = password=PASSWORD
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = DIR/TOKENS
}
userdb {
  driver = static
  args = uid=dovecot gid=dovecot home=DIR/mail/%u allow_all_users=yes
}

service imap-login {
  chroot =
  inet_listener imap {
    port = PLAIN
  }
  inet_listener imaps {
    port = TLS
    ssl = yes
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}

namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
  mailbox Drafts {
    auto = create
    special_use = \Drafts
  }
  mailbox Junk {
    auto = create
    special_use = \Junk
  }
  mailbox Trash {
    auto = create
    special_use = \Trash
  }
  mailbox Archive {
    auto = create
    special_use = \Archive
  }
}
`
