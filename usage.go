package main

// usage is what `hark --help` shows.
const usage = `hark: a customer-service desk in the terminal

  hark                    open the desk: the hub in the background, then the console
  hark demo               a working desk to look at, with customers; nothing of it is kept
  hark serve              the hub in the foreground, without a console
  hark stop               close the desk for everybody
  hark init               make a desk without questions, for scripts

  hark ls                 list conversations               --view mine|unassigned|all|resolved --json
  hark cat ID             show a conversation              --purpose serve|assist|qa|train --json
  hark tail [ID]          follow what happens              -n COUNT --purpose … --json
  hark send ID TEXT       write to the customer            - as TEXT reads standard input
  hark note ID TEXT       write to the team                - as TEXT reads standard input
  hark claim|release ID   take a conversation, let go of it
  hark assign ID NAME     give a conversation to somebody
  hark resolve|reopen ID  mark as done, take up again
  hark user add NAME      create an account                --display NAME --role ROLE … --uid UID
  hark user ls            list accounts                    --json

  hark doctor             how the desk is: sockets, files, keys   --json
  hark config check|show  is hark.toml right, and what is in force
  hark version

  --data DIR              the desk in DIR: its hark.toml and its data
  --as NAME               act as another account (the owner of the desk's data may)
  --socket PATH           the hub of another user of this machine
  --plain                 a console of lines, for screen readers and for scripts on a pipe
  --accessible            questions line by line; the variable ACCESSIBLE does the same

ID is the beginning of a conversation's identifier, as hark ls shows it. hark
COMMAND --help says more.

Exit status: 0 done, 1 failed, 2 written wrongly, 3 no desk is open, 4 not
allowed, 5 not found, 6 somebody else was first, 7 cannot be done now.
`
